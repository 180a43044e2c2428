import type { Chance } from '@millrace/testing';

/** A process dies, or stands still, at a durable write of the runtime. */
export interface Mishap {
  readonly kind: 'crash' | 'pause';
  /** Which write, from 1; `before`: it does not happen, `after`: nobody is told that it did. */
  readonly write: number;
  readonly moment: 'before' | 'after';
  /** Milliseconds until somebody is in its place, or it goes on as if nothing had been. */
  readonly lasts: number;
}

const MOST = 3;
const LONGEST_CRASH = 5_000;
const LONGEST_PAUSE = 60_000;

/** One to three mishaps among so many writes. An event is given up after five deliveries: more would be no fault of the runtime's. */
export function mishapsOf(chance: Chance, writes: number): readonly Mishap[] {
  return Array.from({ length: 1 + chance.below(MOST) }, () => {
    const kind = chance.happens(0.7) ? 'crash' : 'pause';
    return {
      kind,
      write: 1 + chance.below(writes),
      moment: chance.happens(0.5) ? 'before' : 'after',
      lasts: chance.below(kind === 'crash' ? LONGEST_CRASH : LONGEST_PAUSE),
    };
  });
}
