const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
/** What the groups of ISO count. */
const SIZES = [UNITS.w, UNITS.d, UNITS.h, UNITS.m, UNITS.s];
const TEXT = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const ISO = /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Whole milliseconds of a duration: a number of `unit`s (1000: seconds), text of `ms s m h d w` parts (`1h30m`), or ISO 8601 (`P7D`; days of 24
 * hours, no months or years). Undefined when it is none.
 */
export function durationOf(value: unknown, unit = 1000): number | undefined {
  if (typeof value === 'number') return value >= 0 && Number.isFinite(value) ? Math.round(value * unit) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * unit);
  return TEXT.test(text) ? partsOf(text) : isoParts(text);
}

function partsOf(text: string): number {
  let sum = 0;
  for (const [, amount, name] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) sum += Number(amount) * UNITS[name as keyof typeof UNITS];
  return Math.round(sum);
}

function isoParts(text: string): number | undefined {
  const parts = ISO.exec(text);
  if (parts === null || !/\d/.test(text) || text.endsWith('T')) return undefined;
  return Math.round(SIZES.reduce((sum, size, index) => sum + Number(parts[index + 1] ?? 0) * size, 0));
}
