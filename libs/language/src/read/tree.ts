import type { Json, JsonMap } from '@millrace/kernel';
import type { TextFile } from './text/text-file';

interface Placed {
  readonly file: TextFile;
  /** JSON Pointer from the root of the document. */
  readonly pointer: string;
  /** Offsets in the file; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** `exact`: the source is the value itself. */
export type ScalarStyle = 'exact' | 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarTree extends Placed {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly style: ScalarStyle;
}

export interface ListTree extends Placed {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface MapEntry {
  readonly key: string;
  /** The key itself, with its place. */
  readonly at: ScalarTree;
  readonly value: Tree;
}

export interface MapTree extends Placed {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

/** A document as read: values with their places. Keys of a map are unique and never `__proto__`. */
export type Tree = ScalarTree | ListTree | MapTree;

/** The plain value of a tree. */
export function valueOf(tree: Tree): Json {
  if (tree.kind === 'scalar') return tree.value;
  return tree.kind === 'list' ? tree.items.map(valueOf) : mapOf(tree);
}

/** The plain value of a map. */
export function mapOf(tree: MapTree): JsonMap {
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, valueOf(value)]));
}

/** The entry of a map tree by its key. */
export function entryOf(tree: Tree | undefined, key: string): MapEntry | undefined {
  return tree?.kind === 'map' ? tree.entries.find((entry) => entry.key === key) : undefined;
}

/** Whether nothing is written, or null. */
export function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

/** What stands at a key of a map tree; undefined when nothing does, or null. */
export function childOf(tree: Tree | undefined, key: string): Tree | undefined {
  const value = entryOf(tree, key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}

/** What a key without a value stands for where a map is expected. */
export function emptyMap({ at, value }: MapEntry): MapTree {
  return { kind: 'map', entries: [], file: at.file, pointer: value.pointer, start: at.start, end: at.end };
}

/** The text at a key, if it is one. */
export function textChild(tree: Tree | undefined, key: string): string | undefined {
  const value = childOf(tree, key);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** Appends a key to a JSON Pointer. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The keys of a JSON Pointer. */
export function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
