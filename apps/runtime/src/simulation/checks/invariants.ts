import type { Json, JsonMap } from '@millrace/kernel';
import { applyWrite, type WriteRequest } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { FINISHED } from '../../application/execution/journal';
import type { Evidence } from '../world/play';
import { payloadOf, type FinishedRun } from './finished-run';

const MOST_WAYS = 256;

/** What is seen of a playing, and of its runs. */
export interface Seen {
  readonly evidence: Evidence;
  readonly runs: readonly FinishedRun[];
}

/** Says what breaks a promise; nothing when it is kept. */
export type Invariant = (seen: Seen) => readonly string[];

/** Every run that was asked for ends, once: one event that says so, and none that says so of a run nobody asked for. */
const everyRunEndsOnce: Invariant = ({ evidence, runs }) => {
  const { started, begun, events, playing } = evidence;
  const ended = new Set(runs.map(({ id }) => id));
  const calls = new Set(playing.scenario.deeds.flatMap((deed) => (deed.kind === 'call' ? [deed.key] : [])));
  const called = [...ended].filter((run) => begun.get(run)?.[0]?.run.trigger.type === 'endpoint');
  return [
    ...[...started.keys()].filter((run) => !ended.has(run)).map((run) => `${run} has not ended`),
    ...[...ended].filter((run) => !started.has(run) && !called.includes(run)).map((run) => `nobody asked for ${run}`),
    ...(called.length === calls.size ? [] : [`${calls.size} calls made ${called.length} runs end`]),
    ...twice(events.filter(({ type }) => type === FINISHED).map(({ source }) => source.run ?? '')).map((run) => `${run} ended twice`),
    ...twice(events.map(({ id }) => id)).map((id) => `event ${id} is there twice`),
  ];
};

/** What a mishap may leave. */
const OF_MISHAPS = ['waits', 'marks'];

/**
 * Nothing is left: no run, no dead letter, nobody without an answer, no wait and no mark of a parked run. A mishap may leave a wait or a mark
 * whose run has ended: it is known until its time is over, and wakes nobody.
 */
const nothingIsLeft: Invariant = ({ evidence: { left, playing } }) => {
  const counts = Object.entries(left).filter(([where]) => !OF_MISHAPS.includes(where) || playing.mishaps.length === 0);
  return counts.flatMap(([where, what]) => what.map((one) => `${where}: ${one}`));
};

/** A run that begins again is the same run. */
const sameRunAgain: Invariant = ({ evidence: { begun } }) =>
  [...begun].flatMap(([id, [first, ...again]]) => {
    const isCalled = first?.run.trigger.type === 'endpoint';
    return isCalled || again.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? [] : [`${id} began as another run`];
  });

/** What a run told is what one execution of it tells: the one that its recorded outcomes give. */
const toldByOneExecution: Invariant = ({ runs }) =>
  runs.flatMap(({ id, told, executions, record }) => {
    const list = told.map((event) => `${event.type} ${JSON.stringify(payloadOf(event))}`).join(', ');
    return executions.length === 0 ? [`no execution of ${id} (${JSON.stringify(record['automation'])}) tells: ${list}`] : [];
  });

/** Contexts hold what the runs that have ended wrote: each of their writes, once. */
const writtenOnce: Invariant = ({ evidence, runs }) => {
  const found = new Map(evidence.contexts.map((context) => [nameOf(context), context.value]));
  const [first = [], ...others] = ways(runs).map((writes) => unlike(writtenBy(writes), found));
  return others.some((one) => one.length === 0) ? [] : first;
};

/** What all runs together wrote, for each way in which they can have gone. */
function ways(runs: readonly FinishedRun[]): ReadonlyArray<readonly WriteRequest[]> {
  return runs.reduce<ReadonlyArray<readonly WriteRequest[]>>(
    (sofar, { executions }) => {
      const own = executions.length === 0 ? [[]] : executions.map(({ writes }) => writes);
      return sofar.flatMap((writes) => own.map((more) => [...writes, ...more])).slice(0, MOST_WAYS);
    },
    [[]],
  );
}

function writtenBy(writes: readonly WriteRequest[]): ReadonlyMap<string, JsonMap> {
  const contexts = new Map<string, JsonMap>();
  for (const write of writes) contexts.set(nameOf(write), applyWrite(contexts.get(nameOf(write)) ?? {}, write).value);
  return contexts;
}

function unlike(expected: ReadonlyMap<string, JsonMap>, found: ReadonlyMap<string, JsonMap>): readonly string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].filter(isLasting).flatMap((name) => {
    const [wanted, there] = [plain(expected.get(name) ?? {}), plain(found.get(name) ?? {})];
    return wanted === there ? [] : [`${name} is ${there}, but ${wanted} was written`];
  });
}

/** Runs of one automation whose events have the same key begin in the order of these events. */
const inOrderOfKeys: Invariant = ({ evidence: { events, started, begun } }) => {
  const last = new Map<string, LoggedEvent>();
  return events.flatMap((event) => {
    const trigger = started.get(event.source.run ?? '');
    const run = begun.get(event.source.run ?? '')?.[0]?.run;
    if (event.type !== 'began' || trigger?.key === undefined || run === undefined || run.detached === true) return [];
    const line = `${run.slug} ${trigger.key}`;
    const before = last.get(line);
    last.set(line, trigger);
    return before === undefined || before.position.offset <= trigger.position.offset
      ? []
      : [`${line}: the run of ${trigger.id} began after that of ${before.id}`];
  });
};

/**
 * What goes outside under a key is the same thing each time, and goes once from each hand that has the run: again only after a crash, or
 * when another process took the run on.
 */
const repeatsAreKnown: Invariant = ({ evidence: { calls, hands } }) => [
  ...[...Map.groupBy(calls, ({ request }) => request)].flatMap(([request, made]) => {
    const keys = new Set(made.map(({ key }) => key));
    return keys.size === 1 ? [] : [`${request} went out as ${[...keys].join(' and ')}`];
  }),
  ...[...Map.groupBy(calls, ({ key }) => key)].flatMap(([key, made]) => {
    const requests = new Set(made.map(({ request }) => request));
    const most = hands.get(key.split('.', 1)[0] ?? '') ?? 0;
    return [
      ...(requests.size === 1 ? [] : [`${key} was used for ${[...requests].join(' and ')}`]),
      ...(made.length <= most ? [] : [`${key} went out ${made.length} times from ${most} hands`]),
    ];
  }),
];

/** Whoever calls with the same key gets the same answer. */
const oneAnswerPerKey: Invariant = ({ evidence: { answers } }) =>
  [...answers].flatMap(([key, given]) => {
    const different = new Set(given.map((answer) => JSON.stringify(answer)));
    return different.size === 1 ? [] : [`${key} was answered ${[...different].join(' and ')}`];
  });

/** What must hold of every playing, by name. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  everyRunEndsOnce,
  nothingIsLeft,
  sameRunAgain,
  toldByOneExecution,
  writtenOnce,
  inOrderOfKeys,
  repeatsAreKnown,
  oneAnswerPerKey,
};

/** All that can be compared of a playing in which nothing was left to chance: what was told, how runs ended, contexts, answers. */
export function outcomeOf({ evidence, runs }: Seen): ReadonlyMap<string, string> {
  const told = runs.flatMap(({ told: events }) =>
    events.map((event) => [`event ${event.id}`, `${event.type} ${JSON.stringify(payloadOf(event))}`] as const),
  );
  const ended = runs.map(({ id, record: { automation, outcome, error = null }, output = null }) => {
    return [`run ${id}`, JSON.stringify([automation, outcome, error, output])] as const;
  });
  const contexts = evidence.contexts.map((context) => [nameOf(context), plain(context.value)] as const).filter(([name]) => isLasting(name));
  const answers = [...evidence.answers].map(([key, [first]]) => [`answer ${key}`, JSON.stringify(first)] as const);
  return new Map([...told, ...ended, ...contexts, ...answers]);
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function nameOf({ context, instance, owner }: { readonly context: string; readonly instance: string; readonly owner: string }): string {
  return `context ${[context, instance, owner].join('/')}`;
}

/** What lives with a correlation may be gone. */
function isLasting(name: string): boolean {
  return /^context (global|config)\/\/$/.test(name) || /^context session\/\/s\d$/.test(name);
}

/** A value as text: keys in order, and what runs appended to the same list in any. */
function plain(value: Json): string {
  return JSON.stringify(value, (key, one: Json): Json => {
    if (isList(one)) return key === 'list' ? one.toSorted() : one;
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
