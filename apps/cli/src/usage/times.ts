import { misused } from '../refused';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHORT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** A length of time as it is typed, `90s`, `15m`, `2h` or ISO 8601, in milliseconds. Refuses anything else. */
export function durationOf(text: string): number {
  const length = shortOf(text) ?? isoOf(text);
  if (length !== undefined) return length;
  throw misused(`\`${text}\` is no length of time.`, 'write it as 90s, 15m, 2h or PT1H30M.');
}

/** A moment as it is typed, RFC 3339 or so long ago (`-1h`), as RFC 3339. Refuses anything else. */
export function momentOf(text: string, now: number): string {
  const ago = text.startsWith('-') ? shortOf(text.slice(1)) : undefined;
  if (ago !== undefined) return new Date(now - ago).toISOString();
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw misused(`\`${text}\` is no moment.`, 'write it as 2027-03-28T09:00:00Z, or as -1h for an hour ago.');
}

function shortOf(text: string): number | undefined {
  const [, count, unit = ''] = SHORT.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

function isoOf(text: string): number | undefined {
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] = ISO.exec(text) ?? [];
  if (whole === undefined || !/\d/.test(whole)) return undefined;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
}
