import type { Json, JsonMap } from '@millrace/kernel';
import { childOf, textChild, valueOf } from '../read/tree';
import type { MapTree, Tree } from '../read/tree';
import { LONGEST_HOLD } from '../step/limits';
import { fullName } from '../step/world/event-names';
import { durationOf } from '../time/duration';
import { instantFrom } from '../time/instant';
import { instantOf } from '../time/zone';
import { isMap, textOf } from '../values/value';
import type { Value } from '../values/value';
import type { EndpointTrigger, EventTrigger, HttpMethod, ScheduleTrigger, SourceTrigger, Triggers, Verification } from './triggers';

/** What the triggers of an automation are read in. */
export interface TriggerSurroundings {
  readonly slug: string;
  readonly instance: string;
  readonly timeZone: string;
  /** Endpoints without `access` are open. */
  readonly open: boolean;
  /** Milliseconds for which endpoints hold their callers that do not say. */
  readonly hold: number;
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
  const name = tree.kind === 'map' ? (textChild(tree, 'event') ?? '') : textOf(valueOf(tree));
  const filter = textChild(tree, 'filter');
  return { pattern: fullName(instance, name), ...(filter === undefined ? {} : { filter }) };
}

function endpointTrigger(tree: Tree, { slug, instance, open, hold }: TriggerSurroundings): EndpointTrigger {
  const written = valueOf(tree);
  const given = isMap(written) ? written : {};
  const verify = childOf(tree, 'verify');
  const access = textChild(tree, 'access') ?? (verify !== undefined || open ? 'public' : 'members');
  const { request, dedupe } = given;
  return {
    path: endpointPath(tree, slug, instance),
    methods: items(childOf(tree, 'methods')).map((method) => textOf(valueOf(method)).toLowerCase() as HttpMethod),
    access,
    respond: wordOf(given['respond'], ['result', 'accepted']),
    wait: Math.min(durationOf(given['wait']) ?? hold, LONGEST_HOLD),
    onDisconnect: wordOf(given['onDisconnect'], ['continue', 'cancel']),
    ...(verify === undefined ? {} : { verify: verification(verify) }),
    ...defined({ request }),
    ...(typeof dedupe === 'string' ? { dedupe } : {}),
  };
}

/** The path an endpoint is served at: as written or the slug; in an app below the name of the instance. */
function endpointPath(tree: Tree, slug: string, instance: string): string {
  const written = valueOf(tree);
  const path = textChild(tree, 'path') ?? (typeof written === 'string' ? written : undefined);
  if (path === undefined) return instance === '' ? slug : `${instance}.${slug}`;
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return instance === '' ? trimmed : `${instance}/${trimmed}`;
}

/** The entries that are there. */
function defined<Key extends string>(entries: Readonly<Record<Key, Json | null | undefined>>): Partial<Record<Key, Json>> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== null)) as Partial<
    Record<Key, Json>
  >;
}

/** The word that was written if it is one of those known, else the first of them. */
function wordOf<const Word extends string>(written: Value, known: readonly [Word, ...Word[]]): Word {
  return known.find((word) => word === written) ?? known[0];
}

function verification(tree: Tree): Verification {
  const given = valueOf(tree) as JsonMap;
  const texts = ['header', 'algorithm', 'encoding', 'payload', 'prefix', 'timestamp'].filter((name) => typeof given[name] === 'string');
  return {
    preset: textOf(given['preset']),
    secret: textOf(given['secret']),
    tolerance: durationOf(given['tolerance']) ?? 300_000,
    ...Object.fromEntries(texts.map((name) => [name, textOf(given[name])])),
  };
}

function scheduleTrigger(tree: Tree, workspaceZone: string): ScheduleTrigger {
  const written = valueOf(tree);
  const given: JsonMap = isMap(written) ? written : timing(textOf(written));
  const dst = isMap(given['dst']) ? given['dst'] : {};
  const timeZone = textOf(given['timeZone'] ?? workspaceZone);
  return {
    value: textOf(isMap(written) ? (given['cron'] ?? given['every'] ?? given['at']) : written),
    ...momentsOf(given, timeZone),
    timeZone,
    missed: wordOf(given['missed'], ['last', 'none', 'all']),
    missedWithin: durationOf(given['missedWithin']) ?? 3_600_000,
    overlap: wordOf(given['overlap'], ['skip', 'queue', 'cancel', 'allow']),
    jitter: durationOf(given['jitter']) ?? 0,
    dst: { missing: wordOf(dst['missing'], ['shift', 'skip']), repeated: wordOf(dst['repeated'], ['first', 'both']) },
  };
}

function momentsOf({ cron, every, at }: JsonMap, zone: string): Pick<ScheduleTrigger, 'cron' | 'every' | 'at'> {
  const period = durationOf(every);
  const instant = localInstant(at, zone);
  return {
    ...(typeof cron === 'string' ? { cron } : {}),
    ...(period === undefined ? {} : { every: period }),
    ...(instant === undefined ? {} : { at: instant }),
  };
}

/** A date and time; without a zone of its own in that of the schedule. */
function localInstant(at: Value, zone: string): number | undefined {
  const instant = instantFrom(at);
  if (instant === undefined || typeof at !== 'string' || /(?:z|[+-]\d{2}:?\d{2})$/i.test(at.trim().slice(10))) return instant;
  return instantOf(zone, instant);
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
    action: textOf(given['action']),
    inputs: isMap(inputs) ? inputs : {},
    ...(version === undefined || version === null ? {} : { version: textOf(version) }),
    ...defined({ place }),
    ...(typeof filter === 'string' ? { filter } : {}),
  };
}
