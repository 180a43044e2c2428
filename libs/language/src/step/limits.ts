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
}

const KIB = 1024;
const DAY = 86_400_000;

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
};
