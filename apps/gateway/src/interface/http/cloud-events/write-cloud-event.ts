import { timestampDate } from '@bufbuild/protobuf/wkt';
import { EventKeep, type Event } from '@millrace/contracts';
import { isExtension, SOURCE } from './attributes';

const KEPT: Readonly<Record<EventKeep, string>> = {
  [EventKeep.UNSPECIFIED]: 'history',
  [EventKeep.HISTORY]: 'history',
  [EventKeep.LOG]: 'log',
  [EventKeep.LIVE]: 'live',
};
/** Who acts, in the words of the extension for authentication contexts. */
const AUTHORS: Readonly<Record<string, string>> = {
  user: 'user',
  key: 'api_key',
  automation: 'service_account',
  service: 'system',
  worker: 'system',
  anonymous: 'unauthenticated',
};

/** The CloudEvent of an event, as JSON. `address`: that of the API, below which the schemas of event types are. */
export function cloudEventJson(event: Event, address: string): string {
  const { id, workspaceId, type, version, time, subject, payload, source, recordedAt, offset } = event;
  const schema = `${address}/v1/workspaces/${workspaceId}/event-types/${type}/versions/${version}`;
  const attributes = {
    ...{ specversion: '1.0', id, source: sourceOf(workspaceId, source), type },
    ...said({ subject, time: time && timestampDate(time).toISOString(), dataschema: version === 0 ? undefined : schema }),
    ...extensionsOf(event),
    ...said({ correlationid: event.correlationId, causationid: event.causationId, partitionkey: event.key }),
    ...said({ traceparent: event.traceparent, tracestate: event.tracestate }),
    ...said({ recordedtime: recordedAt && timestampDate(recordedAt).toISOString(), authid: event.actor?.id }),
    ...said({ authtype: event.actor && (AUTHORS[event.actor.kind] ?? 'unknown'), mrtarget: targetOf(event.target) }),
    ...{ sequence: String(offset).padStart(20, '0'), mrworkspace: workspaceId, mrepoch: event.epoch, mrkeep: KEPT[event.keep] },
    datacontenttype: 'application/json',
  };
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${new TextDecoder().decode(payload) || '{}'}}`;
}

function sourceOf(workspaceId: string, source: Event['source']): string {
  const automation = source?.automation ?? '';
  if (automation !== '') return `/workspaces/${workspaceId}/automations/${automation}`;
  const service = source?.service ?? '';
  return service === '' ? `/workspaces/${workspaceId}` : `/services/${service}`;
}

function targetOf(target: Event['target']): string | undefined {
  const named = Object.entries({ user: target?.user, session: target?.session, topic: target?.topic, socket: target?.socket });
  return named.find(([, value]) => value !== undefined && value !== '')?.join('/');
}

/** What is kept for others alone: no producer says in an extension what an attribute says. */
function extensionsOf({ extensions }: Event): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => name === SOURCE || isExtension(name)));
}

/** What there is to say. */
function said(attributes: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
