import type { Json, JsonMap } from '@millrace/kernel';

/** Milliseconds for which a write is known that nobody said will not be repeated. */
const MARKER_LIFE = 31 * 86_400_000;

/** What was written over one value of a configuration. */
export interface Overwritten {
  /** What it is now; absent: it was deleted. */
  readonly value?: Json;
  /** JSON of what was declared when it was written; absent: nothing was. */
  readonly over?: string;
}

/** By the names of the values. */
export type Overwrites = Readonly<Record<string, Overwritten>>;

/** What a write is called by: the same name, the same write. */
export interface WriteName {
  readonly run: string;
  readonly number: number;
}

/** That a write is in the values, and what was answered to it. */
export interface WriteMarker extends WriteName {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly revision: number;
  readonly value: Json;
}

/** What automations have written over the declared configuration of a workspace or of an app instance in it. */
export interface WrittenConfig {
  readonly workspaceId: string;
  /** Path of the app instance; empty: the workspace itself. */
  readonly instance: string;
  readonly values: Overwrites;
  readonly markers: readonly WriteMarker[];
}

export function configId({ workspaceId, instance }: Pick<WrittenConfig, 'workspaceId' | 'instance'>): string {
  return `${workspaceId}/${instance}`;
}

/** A configuration that nobody has written. */
export function unwritten(workspaceId: string, instance: string): WrittenConfig {
  return { workspaceId, instance, values: {}, markers: [] };
}

/** The revision that writers know it by: 0 until it was written, not only made. */
export function writtenRevision(revision: number): number {
  return revision > 1 ? revision : 0;
}

/** The names of the values over which something was written that counts for a version which declares this. */
export function countingNames(declared: JsonMap, values: Overwrites): readonly string[] {
  return Object.entries(values).flatMap(([name, { over }]) => (over === textIn(declared, name) ? [name] : []));
}

/** The configuration that is in force for a version which declares this: what was written counts until something else is declared. */
export function inForce(declared: JsonMap, values: Overwrites): JsonMap {
  const config = new Map(Object.entries(declared));
  for (const [name, { value, over }] of Object.entries(values)) {
    if (over !== textIn(declared, name)) continue;
    if (value === undefined) config.delete(name);
    else config.set(name, value);
  }
  return Object.fromEntries(config);
}

/** The overwrites by which another configuration is in force, and the names of what is another value now. What was written for other declarations stays. */
export function overwritesFor(
  declared: JsonMap,
  values: Overwrites,
  after: JsonMap,
): { readonly values: Overwrites; readonly changed: readonly string[] } {
  const before = inForce(declared, values);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => textIn(before, name) !== textIn(after, name)).sort();
  const next = new Map(Object.entries(values));
  for (const name of changed) {
    const [value, over] = [own(after, name), textIn(declared, name)];
    if (textIn(after, name) === over) next.delete(name);
    else next.set(name, { ...(value === undefined ? {} : { value }), ...(over === undefined ? {} : { over }) });
  }
  return { values: Object.fromEntries(next), changed };
}

/** The markers without those that nobody will ask for: of the runs named, all with a smaller number. */
export function keptMarkers(
  markers: readonly WriteMarker[],
  now: number,
  settled: Readonly<Record<string, number>>,
): readonly WriteMarker[] {
  return markers.filter(({ at, run, number }) => at > now - MARKER_LIFE && number >= (settled[run] ?? 0));
}

function own(map: JsonMap, name: string): Json | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function textIn(map: JsonMap, name: string): string | undefined {
  const value = own(map, name);
  return value === undefined ? undefined : JSON.stringify(value);
}
