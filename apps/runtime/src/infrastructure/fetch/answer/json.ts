import type { Json } from '@millrace/kernel';

/** Data nested deeper than this is not let in. */
export const DEEPEST = 64;

/** JSON is nested more than 64 levels deep. */
export class TooDeep extends Error {}

/** A text as JSON, without keys named `__proto__`; undefined when it is none. Throws TooDeep. */
export function parsedJson(text: string): Json | undefined {
  const value = parsed(text);
  tidy(value, 0);
  return value;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** In place: the value is as yet nobody's. */
function tidy(value: Json | undefined, level: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (level >= DEEPEST) throw new TooDeep();
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  for (const item of Object.values(value) as readonly Json[]) tidy(item, level + 1);
}
