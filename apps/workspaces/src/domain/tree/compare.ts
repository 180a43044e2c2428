/** What stands at each path, by the digest of its text. */
export type Digests = ReadonlyMap<string, string>;

/** `extra`: it stands in what is there only, and stays because nobody asked for it to go. */
export type ChangeKind = 'created' | 'changed' | 'removed' | 'extra';

export interface FileChange {
  readonly path: string;
  readonly change: ChangeKind;
}

export interface Comparison {
  /** By path. */
  readonly changes: readonly FileChange[];
  readonly unchanged: number;
}

/** What makes `wanted` of what is there. With `prune`, what is not wanted goes. */
export function compare(now: Digests, wanted: Digests, prune: boolean): Comparison {
  const kept = [...wanted].filter(([path, digest]) => now.get(path) === digest);
  const written = [...wanted].flatMap(([path, digest]): FileChange[] =>
    now.get(path) === digest ? [] : [{ path, change: now.has(path) ? 'changed' : 'created' }],
  );
  const others = [...now.keys()]
    .filter((path) => !wanted.has(path))
    .map((path): FileChange => ({ path, change: prune ? 'removed' : 'extra' }));
  return { changes: [...written, ...others].sort(byPath), unchanged: kept.length };
}

/** Paths at which two trees differ, and how the second came to be of the first. */
export function touched(before: Digests, after: Digests): readonly FileChange[] {
  return compare(before, after, true).changes;
}

/** Files that both sides have changed since the base, each in its own way; as `theirs` changed them. */
export function bothTouched(base: Digests, theirs: Digests, mine: Digests): readonly FileChange[] {
  const changedByMe = new Set(touched(base, mine).map(({ path }) => path));
  return touched(base, theirs).filter(({ path }) => changedByMe.has(path) && theirs.get(path) !== mine.get(path));
}

function byPath(a: FileChange, b: FileChange): number {
  return a.path < b.path ? -1 : 1;
}
