import type { Json, JsonMap } from '@millrace/kernel';

/** What was written over one value of a configuration. */
interface Overwritten {
  /** What it is now; absent: it was deleted. */
  readonly value?: Json;
  /** JSON of what was declared when it was written; absent: nothing was. */
  readonly over?: string;
}

/** By the names of the values. */
export type Overwrites = Readonly<Record<string, Overwritten>>;

/** The configuration that is in force for a version which declares this: whoever declares something else of a value later, is right. */
export function overwritten(declared: JsonMap, values: Overwrites): JsonMap {
  const counting = Object.entries(values).filter(([name, { over }]) => over === textOf(declared, name));
  const gone = new Set(counting.flatMap(([name, { value }]) => (value === undefined ? [name] : [])));
  const left = Object.entries(declared).filter(([name]) => !gone.has(name));
  const now = counting.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries([...left, ...now]);
}

function textOf(declared: JsonMap, name: string): string | undefined {
  return Object.hasOwn(declared, name) ? JSON.stringify(declared[name]) : undefined;
}
