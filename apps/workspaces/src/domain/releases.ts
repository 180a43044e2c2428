/** An immutable state of a workspace. Its files stand under `digest`. */
export interface Version {
  readonly id: string;
  /** 1 for the first. */
  readonly number: number;
  readonly message: string;
  /** Digest of the tree: equal content, equal digest. */
  readonly digest: string;
  readonly author: string;
  readonly publishedAt: number;
  /** Files that are not as in the version before. */
  readonly changes: number;
}

/** The versions of a workspace and the one that runs. */
export interface Releases {
  readonly workspaceId: string;
  /** Oldest first; the last 200. */
  readonly versions: readonly Version[];
  /** Id of the version that runs. */
  readonly active?: string;
}

const KEPT = 200;

/** A file of a version. */
export interface TreeFile {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

/** The files of a version, by path. */
export type Tree = readonly TreeFile[];

export function noReleases(workspaceId: string): Releases {
  return { workspaceId, versions: [] };
}

export function activeVersion(releases: Releases): Version | undefined {
  return releases.versions.find(({ id }) => id === releases.active);
}

/** Number of the next version. */
export function nextNumber(releases: Releases): number {
  return (releases.versions.at(-1)?.number ?? 0) + 1;
}

/** Adds a version and makes it the one that runs. The oldest beyond 200 leave, the active one never. */
export function publish(releases: Releases, version: Version): Releases {
  const versions = [...releases.versions, version];
  return { ...releases, versions: versions.slice(-KEPT), active: version.id };
}

/** The tree as text; its digest is the version's. Paths are sorted, so equal content gives equal text. */
export function treeText(tree: Tree): string {
  return [...tree]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, digest, size }) => `${digest} ${size} ${path}\n`)
    .join('');
}

/** Reads what `treeText` wrote. */
export function parseTree(text: string): Tree {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [digest = '', size = '0', ...path] = line.split(' ');
      return { digest, size: Number(size), path: path.join(' ') };
    });
}

/** How many files were added, changed or removed between two trees. */
export function countChanges(before: Tree, after: Tree): number {
  const old = new Map(before.map(({ path, digest }) => [path, digest]));
  const changed = after.filter(({ path, digest }) => old.get(path) !== digest).length;
  const kept = new Set(after.map(({ path }) => path));
  return changed + before.filter(({ path }) => !kept.has(path)).length;
}
