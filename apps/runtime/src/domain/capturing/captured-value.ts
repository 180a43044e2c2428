import type { Json, JsonMap } from '@millrace/kernel';

/** What stands where something was not to be kept. */
const REDACTED = 'REDACTED';

/** A value as a flow test expects it: any text where the record holds none. */
export function expected(value: Json): Json {
  if (typeof value === 'string') return value.includes(REDACTED) ? { $any: 'string' } : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(expected);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expected(inner)]));
}

/** Whether something in a value was not to be kept. */
export function isRedacted(value: Json): boolean {
  return JSON.stringify(value).includes(REDACTED);
}

/** See `recordOf`: a large value is not kept, but how large it was. */
export function isShortened(value: Json): boolean {
  return isMap(value) && 'omitted' in value && 'size' in value;
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
