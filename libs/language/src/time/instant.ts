import type { Value } from '../values/value';

const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/i;
const FARTHEST = 8.64e15;

/** Milliseconds since 1970 of an ISO 8601 text (no zone: UTC) or of milliseconds; undefined for anything else. */
export function instantFrom(value: Value): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= FARTHEST ? Math.trunc(value) : undefined;
  const parts = typeof value === 'string' ? ISO.exec(value.trim()) : null;
  if (parts === null) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const wall = new Date(date);
  if (wall.getUTCMonth() !== Number(month) - 1 || wall.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Math.trunc(Number(`0.${fraction || '0'}`) * 1000);
  if (Number(hour) === 24 && time > 86_400_000) return undefined;
  return yearFixed(date, Number(year)) + time - zoneOffset(zone);
}

/** An instant as ISO 8601 text with milliseconds in UTC. */
export function isoOf(instant: number): string {
  return new Date(instant).toISOString();
}

/** `Date.UTC` reads years below 100 as 19xx. */
function yearFixed(date: number, year: number): number {
  return year >= 100 ? date : new Date(date).setUTCFullYear(year);
}

function zoneOffset(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
}
