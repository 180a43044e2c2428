import { nextTick, type ScheduleTrigger } from '@millrace/language';
import type { Schedule } from './schedule';

/** A tick at most this late, in milliseconds, was not missed: the shortest period of a schedule. */
const GRACE = 10_000;
/** How many of the ticks that are not made up are named one by one. */
const NAMED = 100;
const FIRST_LOOK = 60_000;

/** What a schedule owes. Nominal times, milliseconds since 1970, in order. */
export interface Owed {
  /** The ticks to fire. */
  readonly fire: readonly number[];
  /** The latest of those missed for good. */
  readonly missed: readonly number[];
  /** The first of those missed for good, when there are more than are named. */
  readonly missedSince?: number;
  /** Whether the first of them is late by more than a moment, so that nobody may have been there. */
  readonly overdue: boolean;
}

/**
 * The ticks of a schedule whose time has come by `now` and that come after the nominal time `after`, sorted by its policy: those late by
 * less than `missedWithin` are made up for, all of them (but at most the latest `most`) or only the last.
 */
export function owed({ trigger, jitter }: Schedule, after: number, now: number, most: number): Owed {
  const until = now - jitter;
  const span = trigger.missed === 'none' ? GRACE : Math.max(trigger.missedWithin, GRACE);
  const fire = latestTicks(trigger, Math.max(after, until - span), until, trigger.missed === 'last' ? 1 : most);
  const before = (fire[0] ?? until + 1) - 1;
  const missed = latestTicks(trigger, after, before, NAMED);
  const first = nextTick(trigger, after) ?? Infinity;
  return { fire, missed, ...(first < (missed[0] ?? first) ? { missedSince: first } : {}), overdue: first <= until - GRACE };
}

/** The last nominal time that was seen to, whatever became of it; undefined when nothing was owed. */
export function lastOf({ fire, missed }: Owed): number | undefined {
  return fire.at(-1) ?? missed.at(-1);
}

/** The last `most` ticks in (after, until]. Looks back farther and farther, so that a long past costs little. */
function latestTicks(trigger: ScheduleTrigger, after: number, until: number, most: number): readonly number[] {
  for (let look = FIRST_LOOK; ; look *= 4) {
    const from = Math.max(after, until - look);
    const ticks = ticksIn(trigger, from, until);
    if (ticks.length >= most || from === after) return ticks.slice(-most);
  }
}

function ticksIn(trigger: ScheduleTrigger, after: number, until: number): readonly number[] {
  const ticks: number[] = [];
  for (let tick = nextTick(trigger, after); tick !== undefined && tick <= until; tick = nextTick(trigger, tick)) ticks.push(tick);
  return ticks;
}
