/** Digests of files by their paths. */
export type Digests = ReadonlyMap<string, string>;

/** A file that a server has otherwise than the folder last saw it. */
export interface Drifted {
  readonly path: string;
  /** The folder has changed it, too, and otherwise. */
  readonly conflict: boolean;
}

/** What has become of files on a server since the base, as far as the folder does not have it already. By path. */
export function drifted(base: Digests, theirs: Digests, mine: Digests): readonly Drifted[] {
  const paths = [...new Set([...base.keys(), ...theirs.keys()])].sort();
  return paths
    .filter((path) => theirs.get(path) !== base.get(path) && theirs.get(path) !== mine.get(path))
    .map((path) => ({ path, conflict: mine.get(path) !== base.get(path) }));
}
