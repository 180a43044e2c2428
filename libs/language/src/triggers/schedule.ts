import { nextWall, parseCron } from '../time/cron';
import type { Cron } from '../time/cron';
import { instantsOf, offsetAt, wallTime } from '../time/zone';
import { fnv1a } from '../values/random';
import type { ScheduleTrigger } from './triggers';

const LARGEST_SHIFT = 3 * 3_600_000;
const MOST_TRIED = 20_000;
/** The end of the year 9999: no later time can be written. */
const LAST_INSTANT = 253_402_300_799_999;

/**
 * The first time after another (milliseconds since 1970) at which a schedule fires, jitter aside; undefined when it never does again, or
 * its cron cannot be read. The same for whoever computes it. What happens when clocks change, `dst` says.
 */
export function nextTick(schedule: ScheduleTrigger, after: number): number | undefined {
  const { at, every, cron } = schedule;
  if (at !== undefined) return at > after ? at : undefined;
  if (every !== undefined) return nextOfEvery(every, after);
  const parsed = parseCron(cron ?? '');
  return typeof parsed === 'string' ? undefined : nextCron(parsed, schedule, after);
}

function nextOfEvery(every: number, after: number): number | undefined {
  const next = (Math.floor(after / every) + 1) * every;
  return every > 0 && next <= LAST_INSTANT ? next : undefined;
}

function nextCron(cron: Cron, { timeZone, dst }: ScheduleTrigger, after: number): number | undefined {
  let wall: number | undefined = wallTime(timeZone, after) - LARGEST_SHIFT;
  let best: number | undefined;
  for (let tried = 0; tried < MOST_TRIED; tried++) {
    wall = nextWall(cron, wall);
    if (wall === undefined) return best;
    const found = firesAt(wall, timeZone, dst).find((instant) => instant > after);
    if (found !== undefined && (best === undefined || found < best)) best = found;
    if (best !== undefined && wall > wallTime(timeZone, best)) return best;
  }
  return best;
}

/** The instants a wall time stands for: none or the end of the gap when clocks jump over it, one or both when they show it twice. */
function firesAt(wall: number, zone: string, dst: ScheduleTrigger['dst']): readonly number[] {
  const instants = instantsOf(zone, wall);
  if (instants.length > 0) return dst.repeated === 'both' ? instants : instants.slice(0, 1);
  return dst.missing === 'skip' ? [] : [gapEnd(zone, wall)];
}

/** The first instant after a gap that swallows a wall time. */
function gapEnd(zone: string, wall: number): number {
  let before = wall - offsetAt(zone, wall + LARGEST_SHIFT) - LARGEST_SHIFT;
  let behind = before + 2 * LARGEST_SHIFT;
  while (behind - before > 1000) {
    const middle = Math.floor((before + behind) / 2000) * 1000;
    if (wallTime(zone, middle) > wall) behind = middle;
    else before = middle;
  }
  return behind;
}

/** The milliseconds by which every tick of a schedule is late: a fixed share of its jitter, from the names that tell it from others. */
export function jitterOf({ jitter }: Pick<ScheduleTrigger, 'jitter'>, ...names: readonly string[]): number {
  return Math.floor((Number(fnv1a(names.join('/')) >> 11n) / 2 ** 53) * jitter);
}
