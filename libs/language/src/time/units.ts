import { instantOf, wallTime } from './zone';

/** The units of dates. */
export const UNITS = ['ms', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;

export type Unit = (typeof UNITS)[number];

const LENGTHS: Readonly<Record<Exclude<Unit, 'month' | 'year'>, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** An instant `count` units later. Days and more move the wall clock of the zone, so that the time of day stays. */
export function add(instant: number, count: number, unit: Unit, zone: string): number {
  if (unit === 'month' || unit === 'year') return addMonths(instant, Math.trunc(count) * (unit === 'year' ? 12 : 1), zone);
  const length = LENGTHS[unit];
  if (length < 86_400_000) return instant + count * length;
  return instantOf(zone, wallTime(zone, instant) + count * length);
}

function addMonths(instant: number, months: number, zone: string): number {
  const wall = new Date(wallTime(zone, instant));
  const day = wall.getUTCDate();
  wall.setUTCDate(1);
  wall.setUTCMonth(wall.getUTCMonth() + months);
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  wall.setUTCDate(Math.min(day, last));
  return instantOf(zone, wall.getTime());
}

/** Whole units from `b` to `a`, rounded towards zero. */
export function difference(a: number, b: number, unit: Unit): number {
  return unit === 'month' || unit === 'year' ? monthsBetween(a, b, unit) : zeroed(Math.trunc((a - b) / LENGTHS[unit]));
}

function monthsBetween(a: number, b: number, unit: 'month' | 'year'): number {
  const sign = a < b ? -1 : 1;
  const [early, late] = a < b ? [a, b] : [b, a];
  const from = new Date(early);
  const to = new Date(late);
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const whole = addMonths(early, months, 'UTC') > late ? months - 1 : months;
  return zeroed(sign * (unit === 'year' ? Math.trunc(whole / 12) : whole));
}

/** The instant at which the unit that holds an instant began, by the clocks of the zone. Weeks begin on Monday. */
export function startOf(instant: number, unit: Unit, zone: string): number {
  const wall = wallTime(zone, instant);
  const date = new Date(wall);
  if (unit === 'month') return instantOf(zone, Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
  if (unit === 'year') return instantOf(zone, Date.UTC(date.getUTCFullYear(), 0, 1));
  if (unit === 'week') return instantOf(zone, floor(wall, 86_400_000) - ((date.getUTCDay() + 6) % 7) * 86_400_000);
  if (unit === 'day') return instantOf(zone, floor(wall, 86_400_000));
  return instant - (wall - floor(wall, LENGTHS[unit]));
}

function floor(value: number, length: number): number {
  return Math.floor(value / length) * length;
}

function zeroed(value: number): number {
  return value === 0 ? 0 : value;
}
