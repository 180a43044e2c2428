import type { Json } from '@millrace/kernel';

/** How many items of a list or map are looked at; the others are taken to be like them. */
const SAMPLED = 8;

/** About how many characters a value has as JSON, without looking at all of it: a long list is as its first items. */
export function roughSize(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  const items = Array.isArray(value) ? (value as readonly Json[]) : Object.values(value);
  const sample = items.slice(0, SAMPLED);
  const sampled = sample.reduce<number>((sum, item) => sum + roughSize(item) + 2, 0);
  return 2 + (sample.length === 0 ? 0 : (sampled / sample.length) * items.length);
}

/**
 * How many characters a value has as JSON, escapes aside. A text is asked how long it is and never read, so that one put together of millions
 * of pieces stays in pieces.
 */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return value === undefined ? 0 : 4;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + jsonSize(item) + 1, 2);
  return Object.entries(value).reduce((sum, [key, item]) => (item === undefined ? sum : sum + key.length + 4 + jsonSize(item)), 2);
}
