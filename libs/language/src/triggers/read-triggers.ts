import type { JsonMap } from '@millrace/kernel';
import { childOf, textChild, valueOf } from '../read/tree';
import type { MapTree, Tree } from '../read/tree';
import { fullName } from '../step/event-names';
import { durationOf } from '../time/duration';
import { instantFrom } from '../time/instant';
import { isMap } from '../values/value';
import type { EndpointTrigger, EventTrigger, HttpMethod, ScheduleTrigger, SourceTrigger, Triggers, Verification } from './triggers';

/** What the triggers of an automation are read in. */
export interface TriggerSurroundings {
  readonly slug: string;
  readonly instance: string;
  readonly timeZone: string;
  /** Endpoints without `access` are open. */
  readonly open: boolean;
}

/** The triggers of an automation that was read, with their defaults. */
export function readTriggers(document: MapTree, around: TriggerSurroundings): Triggers {
  const when = childOf(document, 'when');
  const endpoint = childOf(when, 'endpoint');
  return {
    events: items(childOf(when, 'events')).map((item) => eventTrigger(item, around.instance)),
    ...(endpoint === undefined || valueOf(endpoint) === false ? {} : { endpoint: endpointTrigger(endpoint, around) }),
    schedules: items(childOf(when, 'schedules')).map((item) => scheduleTrigger(item, around.timeZone)),
    sources: items(childOf(when, 'sources')).map(sourceTrigger),
  };
}

function items(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  return tree.kind === 'list' ? tree.items : [tree];
}

function eventTrigger(tree: Tree, instance: string): EventTrigger {
  const name = tree.kind === 'map' ? (textChild(tree, 'event') ?? '') : String(valueOf(tree));
  const filter = textChild(tree, 'filter');
  return { pattern: fullName(instance, name), ...(filter === undefined ? {} : { filter }) };
}

function endpointTrigger(tree: Tree, { slug, open }: TriggerSurroundings): EndpointTrigger {
  const written = valueOf(tree);
  const path = textChild(tree, 'path') ?? (typeof written === 'string' ? written : slug);
  const given = isMap(written) ? written : {};
  const verify = childOf(tree, 'verify');
  const access = textChild(tree, 'access') ?? (verify !== undefined || open ? 'public' : 'members');
  const { request, dedupe } = given;
  return {
    path: path.replace(/^\/+|\/+$/g, ''),
    methods: items(childOf(tree, 'methods')).map((method) => String(valueOf(method)).toLowerCase() as HttpMethod),
    access,
    respond: given['respond'] === 'accepted' ? 'accepted' : 'result',
    wait: Math.min(durationOf(given['wait']) ?? 25_000, 300_000),
    onDisconnect: given['onDisconnect'] === 'cancel' ? 'cancel' : 'continue',
    ...(verify === undefined ? {} : { verify: verification(verify) }),
    ...(request === undefined || request === null ? {} : { request }),
    ...(typeof dedupe === 'string' ? { dedupe } : {}),
  };
}

function verification(tree: Tree): Verification {
  const given = valueOf(tree) as JsonMap;
  const texts = ['header', 'algorithm', 'encoding', 'payload'].filter((name) => typeof given[name] === 'string');
  return {
    preset: String(given['preset']),
    secret: String(given['secret']),
    tolerance: durationOf(given['tolerance']) ?? 300_000,
    ...Object.fromEntries(texts.map((name) => [name, String(given[name])])),
  };
}

function scheduleTrigger(tree: Tree, workspaceZone: string): ScheduleTrigger {
  const written = valueOf(tree);
  const given: JsonMap = isMap(written) ? written : timing(String(written));
  const every = durationOf(given['every']);
  const at = instantFrom(given['at']);
  const dst = isMap(given['dst']) ? given['dst'] : {};
  return {
    value: String(isMap(written) ? (given['cron'] ?? given['every'] ?? given['at'] ?? '') : written),
    ...(typeof given['cron'] === 'string' ? { cron: given['cron'] } : {}),
    ...(every === undefined ? {} : { every }),
    ...(at === undefined ? {} : { at }),
    timeZone: typeof given['timeZone'] === 'string' ? given['timeZone'] : workspaceZone,
    missed: given['missed'] === 'none' || given['missed'] === 'all' ? given['missed'] : 'last',
    missedWithin: durationOf(given['missedWithin']) ?? 3_600_000,
    overlap: given['overlap'] === 'queue' || given['overlap'] === 'cancel' || given['overlap'] === 'allow' ? given['overlap'] : 'skip',
    jitter: durationOf(given['jitter']) ?? 0,
    dst: { missing: dst['missing'] === 'skip' ? 'skip' : 'shift', repeated: dst['repeated'] === 'both' ? 'both' : 'first' },
  };
}

/** A schedule written as text: `@every 10m`, a date and time, else cron. */
function timing(text: string): JsonMap {
  const every = /^@every\s+(.+)$/.exec(text.trim())?.[1];
  if (every !== undefined) return { every };
  return instantFrom(text) === undefined ? { cron: text.trim() } : { at: text };
}

function sourceTrigger(tree: Tree): SourceTrigger {
  const given = valueOf(tree) as JsonMap;
  const { version, inputs, place, filter } = given;
  return {
    action: String(given['action']),
    inputs: isMap(inputs) ? inputs : {},
    ...(version === undefined || version === null ? {} : { version: String(version) }),
    ...(place === undefined || place === null ? {} : { place }),
    ...(typeof filter === 'string' ? { filter } : {}),
  };
}
