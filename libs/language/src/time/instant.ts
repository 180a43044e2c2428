import type { Value } from '../values/value';

const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/i;
const FARTHEST = 8.64e15;
const DAY = 86_400_000;

/** Milliseconds since 1970 of an ISO 8601 text (no zone: UTC) or of milliseconds; undefined for anything else. */
export function instantFrom(value: Value): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= FARTHEST ? Math.trunc(value) : undefined;
  const parts = typeof value === 'string' ? ISO.exec(value.trim()) : null;
  return parts === null ? undefined : assembled(parts);
}

function assembled([, year, month, day, hour, minute, second, fraction, zone]: readonly (string | undefined)[]): number | undefined {
  const date = dateOf(Number(year), Number(month ?? 1), Number(day ?? 1));
  const time = timeOf(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), fraction);
  return date === undefined || time === undefined ? undefined : date + time - zoneOffset(zone ?? 'Z');
}

/** Milliseconds of a day, from whole numbers: 1.001 seconds are not 1001 milliseconds in floating point. */
function timeOf(hour: number, minute: number, second: number, fraction = ''): number | undefined {
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return minute < 60 && second < 60 && time <= DAY ? time : undefined;
}

/** Midnight of a date of the calendar; undefined when it has no such date. */
function dateOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

/** An instant as ISO 8601 text with milliseconds in UTC. */
export function isoOf(instant: number): string {
  return new Date(instant).toISOString();
}

function zoneOffset(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
}
