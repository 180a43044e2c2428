import type { SharedContext } from './effects';

/** What a run may use up. */
export interface Limits {
  readonly instructions: number;
  readonly effects: number;
  /** Characters of JSON. */
  readonly state: number;
  /** Depth of calls and events. */
  readonly depth: number;
  readonly passes: number;
  readonly branches: number;
  /** Characters of JSON, by context. */
  readonly contexts: Readonly<Record<SharedContext, number>>;
  /** Characters of JSON of an event's payload. */
  readonly event: number;
  /** Milliseconds. */
  readonly longestWait: number;
  readonly defaultWait: number;
  /** Milliseconds of a whole run, waits included, whose automation does not say `timeout`. */
  readonly defaultTimeout: number;
  /** Milliseconds a caller of an endpoint is held that does not say `wait`; at most `LONGEST_HOLD`. */
  readonly defaultHold: number;
  /** Units of work of one expression, in a run or a filter. */
  readonly units: number;
  /** Characters that a template may come to as text. */
  readonly text: number;
  /** Milliseconds of CPU of one turn: what a run does between two outcomes. Whoever takes the turns measures it. */
  readonly turnCpu: number;
}

const KIB = 1024;
const DAY = 86_400_000;

/** Milliseconds a run takes at most, waits included, whatever its automation says. */
export const LONGEST_RUN = 400 * DAY;

/** Milliseconds a caller of an endpoint is held at most. */
export const LONGEST_HOLD = 300_000;

/** What holds when neither the server nor the workspace says less. */
export const DEFAULT_LIMITS: Limits = {
  instructions: 1_000_000,
  effects: 10_000,
  state: 16 * KIB * KIB,
  depth: 20,
  passes: 100_000,
  branches: 100,
  contexts: { global: 512 * KIB, user: 128 * KIB, session: KIB * KIB, socket: 128 * KIB, run: 512 * KIB, config: 128 * KIB },
  event: 256 * KIB,
  longestWait: 400 * DAY,
  defaultWait: 20_000,
  defaultTimeout: 30 * DAY,
  defaultHold: 25_000,
  units: 100_000,
  text: 4 * KIB * KIB,
  turnCpu: 1_000,
};
