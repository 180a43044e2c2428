import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import { childOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { DEFAULT_LIMITS, LONGEST_HOLD, LONGEST_RUN } from '../../step/limits';
import { durationOf } from '../../time/duration';
import type { Rule } from '../rule';
import { itemsOf } from '../workspace/traffic';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds that no whole and no part of a run may last longer. */
const PARKED = LONGEST_RUN;

/** What a value may be, beyond its form. */
type Bound =
  /** Milliseconds from `least` to `most`; `unit`: milliseconds that a bare number counts in. */
  | { readonly kind: 'duration'; readonly least: number; readonly most: number; readonly unit?: number }
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  /** A list of at least one. */
  | { readonly kind: 'some' };

/** Where a value stands: keys joined by dots, `[]` for each item of a list. */
type Bounds = Readonly<Record<string, Bound>>;

const lasting = (most: number, unit = 1_000): Bound => ({ kind: 'duration', least: 1, most, unit });
const pausing = (most: number, unit = 1_000): Bound => ({ kind: 'duration', least: 0, most, unit });
const from = (least: number, most: number): Bound => ({ kind: 'number', least, most });
const some: Bound = { kind: 'some' };

const RETRY: Bounds = {
  'retry.delay': pausing(PARKED),
  'retry.maxDelay': pausing(PARKED),
  'retry.factor': from(1, 100),
  'retry.jitter': from(0, 1),
};

const OF_AUTOMATION: Bounds = {
  'concurrency.limit': from(1, 10_000),
  'debounce.period': lasting(PARKED),
  'debounce.maxWait': lasting(PARKED),
  'batch.size': from(1, 10_000),
  'batch.within': lasting(PARKED),
  timeout: lasting(PARKED),
  'when.endpoint.wait': pausing(LONGEST_HOLD),
  'when.endpoint.methods': some,
  'when.endpoint.verify.tolerance': lasting(DAY),
  'when.schedules[].every': lasting(PARKED),
  'when.schedules[].missedWithin': pausing(PARKED),
  'when.schedules[].jitter': pausing(DAY),
  ...RETRY,
};

const OF_STEPS: Readonly<Record<string, Bounds>> = {
  action: { timeout: lasting(PARKED), queueTimeout: pausing(PARKED), ...RETRY },
  approve: { deadline: lasting(PARKED), remind: lasting(PARKED), choices: some },
  auth: { ttl: lasting(DAY), timeout: lasting(PARKED), ...RETRY },
  emit: { after: pausing(PARKED) },
  fetch: {
    timeout: lasting(DAY),
    maxBytes: from(1, Number.MAX_SAFE_INTEGER),
    expect: some,
    'stream.concatenate.throttle': pausing(MINUTE, 1),
    ...RETRY,
  },
  rateLimit: { window: lasting(PARKED), limit: from(1, 1_000_000_000), consume: from(0, 1_000_000_000) },
  repeat: { until: from(0, DEFAULT_LIMITS.passes), 'batch.interval': pausing(PARKED, 1) },
  run: { timeout: lasting(PARKED), ...RETRY },
  set: { ttl: lasting(PARKED) },
  sleep: { for: pausing(PARKED) },
  wait: { oneOf: some, timeout: pausing(PARKED) },
};

/** Numbers, durations and lists of which no run can make sense, though they have the form that is asked for. */
export const bounds: Rule = ({ automation, steps }) => [
  ...problemsIn(automation.tree, OF_AUTOMATION),
  ...steps.flatMap(({ name, body }) => {
    const known = Object.hasOwn(OF_STEPS, name) ? OF_STEPS[name] : undefined;
    return body === undefined || known === undefined ? [] : problemsIn(body, known);
  }),
];

function problemsIn(tree: Tree, all: Bounds): readonly Problem[] {
  return Object.entries(all).flatMap(([path, bound]) =>
    at(tree, path.split('.')).flatMap((value) => {
      const message = outside(value, bound);
      return message === undefined ? [] : [problemIn(bound.kind === 'duration' ? 'duration-invalid' : 'value-invalid', value, message)];
    }),
  );
}

function at(tree: Tree, [key, ...inner]: readonly string[]): readonly Tree[] {
  if (key === undefined) return [tree];
  const child = childOf(tree, key.replace('[]', ''));
  if (child === undefined) return [];
  return (key.endsWith('[]') ? itemsOf(child) : [child]).flatMap((value) => at(value, inner));
}

/** What to say of a value that is written out and cannot be meant. */
function outside(tree: Tree, bound: Bound): string | undefined {
  if (bound.kind === 'some') return tree.kind === 'list' && tree.items.length === 0 ? NOTHING : undefined;
  if (tree.kind !== 'scalar') return undefined;
  const value = bound.kind === 'duration' ? durationOf(tree.value, bound.unit) : numberIn(tree.value);
  if (value === undefined || (value >= bound.least && value <= bound.most)) return undefined;
  const written = bound.kind === 'duration' ? spoken : String;
  return `${String(tree.value)} cannot be meant here. Write something from ${written(bound.least)} to ${written(bound.most)}.`;
}

const NOTHING = 'This list is empty, so nothing could ever fit it. Write one entry at least.';

function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}

/** Milliseconds as an author writes them. */
function spoken(time: number): string {
  if (time >= DAY) return `${time / DAY}d`;
  return time >= MINUTE ? `${time / MINUTE}m` : `${time}ms`;
}
