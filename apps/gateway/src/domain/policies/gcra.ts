import type { Rate } from './rate';

/** Milliseconds: intervals are fractions, and sums of many of them miss a whole number by less than this. */
const ROUNDING = 0.1;

/** How a key stands with its rate after it asked for one. */
export interface Standing {
  readonly admitted: boolean;
  /** How many more would be admitted at once. */
  readonly remaining: number;
  /** Milliseconds until nothing of the rate is taken up any more. */
  readonly reset: number;
  /** Milliseconds until one is admitted; 0 when this one was. */
  readonly wait: number;
}

/**
 * The timestamp of a key (generic cell rate algorithm) as it counts at `now`: what was taken up long ago is forgotten, and a clock that
 * was put back makes nobody wait longer than a whole tolerance.
 */
export function timeAt({ tolerance, interval }: Rate, time: number, now: number): number {
  const latest = now + 2 * tolerance + interval;
  return time < now ? now : time > latest ? now + tolerance : time;
}

/** Whether one that takes up `step` milliseconds fits behind `time`. Of a key at rest, one always does. */
export function fits({ tolerance }: Rate, time: number, step: number, now: number): boolean {
  return time + step <= now + (step > tolerance ? step : tolerance) + ROUNDING;
}

/** How a key with this timestamp stands. */
export function standingOf({ tolerance, interval, burst }: Rate, time: number, now: number, admitted: boolean): Standing {
  const debt = time > now ? time - now : 0;
  const room = Math.floor((tolerance - debt + ROUNDING) / interval);
  const wait = debt + interval - Math.max(tolerance, interval);
  return { admitted, remaining: Math.max(0, Math.min(room, burst)), reset: debt, wait: admitted || wait < 0 ? 0 : wait };
}

/** Asks for one: the timestamp after it, and how the key stands. */
export function take(rate: Rate, before: number, now: number): { readonly time: number; readonly standing: Standing } {
  const counted = timeAt(rate, before, now);
  const admitted = fits(rate, counted, rate.interval, now);
  const time = admitted ? counted + rate.interval : counted;
  return { time, standing: standingOf(rate, time, now, admitted) };
}
