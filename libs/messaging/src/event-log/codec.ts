import { create, fromBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { EventKeep, EventSchema } from '@millrace/contracts';
import type { Event } from '@millrace/contracts';
import { PRINCIPAL_KINDS } from '@millrace/kernel';
import type { EventActor, Keep, LoggedEvent, NewEvent } from './event';
import { KEEP_NUMBERS } from './event-writer';

const KEEP_NAMES: Readonly<Record<EventKeep, Keep | undefined>> = {
  [EventKeep.UNSPECIFIED]: undefined,
  [EventKeep.HISTORY]: 'history',
  [EventKeep.LOG]: 'log',
  [EventKeep.LIVE]: 'live',
};

const TEXT_FIELDS = ['subject', 'key', 'causationId', 'traceparent', 'tracestate'] as const;
const TARGET_FIELDS = ['user', 'session', 'topic', 'socket'] as const;
const SOURCE_FIELDS = ['service', 'automation', 'app', 'run', 'step', 'endpoint', 'session', 'socket', 'ip', 'replayOf'] as const;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Reads what `encodeEvent` wrote; empty fields are absent. Throws on bytes that are no event. */
export function decodeEvent(bytes: Uint8Array): NewEvent {
  return eventFromMessage(fromBinary(EventSchema, bytes));
}

/** Reads what `encodeEvent` wrote with a time of acceptance. Throws on bytes that are no event. */
export function decodeRecorded(bytes: Uint8Array): NewEvent & { readonly recordedAt: number } {
  const message = fromBinary(EventSchema, bytes);
  return Object.assign(eventFromMessage(message), { recordedAt: message.recordedAt === undefined ? 0 : timestampMs(message.recordedAt) });
}

/** The event of a message; its position, if it has one, is left out. */
export function eventFromMessage(message: Event): NewEvent {
  const event: Draft<NewEvent> = {
    id: message.id,
    workspaceId: message.workspaceId,
    type: message.type,
    time: message.time === undefined ? 0 : timestampMs(message.time),
    payload: message.payload,
    correlationId: message.correlationId,
    actor: actorOf(message),
    source: textsOf(message.source, SOURCE_FIELDS),
    ...textsOf(message, TEXT_FIELDS),
  };
  const keep = KEEP_NAMES[message.keep];
  if (message.version !== 0) event.version = message.version;
  if (message.revision !== 0n) event.revision = Number(message.revision);
  if (message.hops !== 0) event.hops = message.hops;
  if (message.target !== undefined) event.target = textsOf(message.target, TARGET_FIELDS);
  if (keep !== undefined) event.keep = keep;
  if (message.redacted.length > 0) event.redacted = message.redacted;
  for (const _ in message.extensions) return { ...event, extensions: message.extensions };
  return event;
}

/** The message that answers carry: the event with its position and the time the log accepted it. */
export function eventToMessage(event: LoggedEvent): Event {
  return create(EventSchema, {
    ...fieldsOf(event),
    offset: event.position.offset,
    epoch: event.position.epoch,
    recordedAt: timestampFromMs(event.recordedAt),
  });
}

function fieldsOf(event: NewEvent): MessageInitShape<typeof EventSchema> {
  const { time, revision, keep, extensions, redacted, ...same } = event;
  return {
    ...same,
    time: timestampFromMs(time),
    revision: BigInt(revision ?? 0),
    keep: keep === undefined ? EventKeep.UNSPECIFIED : KEEP_NUMBERS[keep],
    extensions: { ...extensions },
    redacted: [...(redacted ?? [])],
  };
}

function actorOf(message: Event): EventActor {
  const { kind = '', id = '', onBehalfOf = '' } = message.actor ?? {};
  const known = PRINCIPAL_KINDS.find((candidate) => candidate === kind) ?? 'anonymous';
  return onBehalfOf === '' ? { kind: known, id } : { kind: known, id, onBehalfOf };
}

/** The named fields that are not empty. */
function textsOf<Name extends string>(
  message: { readonly [K in Name]: string } | undefined,
  names: readonly Name[],
): { [K in Name]?: string } {
  const texts: { [K in Name]?: string } = {};
  if (message === undefined) return texts;
  for (const name of names) if (message[name] !== '') texts[name] = message[name];
  return texts;
}
