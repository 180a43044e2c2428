import { DomainError } from '@millrace/kernel';
import type { Revised } from './draft';

/** An immutable state of a workspace. Its files stand under `digest`. */
export interface Version {
  readonly id: string;
  /** 1 for the first. */
  readonly number: number;
  /** What people call it; absent: nothing. */
  readonly name?: string;
  readonly message: string;
  /** Digest of the tree: equal content, equal digest. */
  readonly digest: string;
  /** Id of the version that ran when this one was made; absent: none did. */
  readonly parent?: string;
  /** Digest of its `apps.lock`; absent: it has none. */
  readonly lock?: string;
  /** Digest of what whoever published it was warned of; absent: of nothing. */
  readonly problems?: string;
  readonly author: string;
  readonly publishedAt: number;
  /** Files that are not as in the version before. */
  readonly changes: number;
  /** 1 when it was published, one more with each other name; absent: 1. */
  readonly revision?: number;
  /** Who named it last, and when. */
  readonly updatedBy?: string;
  readonly updatedAt?: number;
}

/** Who changes something, and when. */
interface Change {
  readonly by: string;
  readonly at: number;
}

/** The versions of a workspace and the one that runs. */
export interface Releases {
  readonly workspaceId: string;
  /** Oldest first; the last 200, and of those before the one that runs and those with a name. */
  readonly versions: readonly Version[];
  /** Id of the version that runs. */
  readonly active?: string;
  /** The largest number there ever was; absent: that of the last version. */
  readonly last?: number;
}

/** Versions that are kept whatever they are. */
export const KEPT = 200;

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

/** The version that has just this tree: the one that runs, else the newest. */
export function unchangedVersion(releases: Releases, digest: string): Version | undefined {
  return [activeVersion(releases), releases.versions.at(-1)].find((version) => version?.digest === digest);
}

/** Number of the next version: never one that there was. */
export function nextNumber({ last, versions }: Releases): number {
  return Math.max(last ?? 0, versions.at(-1)?.number ?? 0) + 1;
}

/** Adds a version; what runs stays as it is. Of those older than the last 200 stay the active one and those with a name. */
export function addVersion(releases: Releases, version: Version): Releases {
  const versions = [...releases.versions, version];
  const kept = versions.filter(({ id, name }, index) => index >= versions.length - KEPT || name !== undefined || id === releases.active);
  return { ...releases, versions: kept, last: version.number };
}

/** The version of this id or number. Refuses one that is not there. */
export function getVersion({ versions }: Releases, name: string): Version {
  const version = versions.find(({ id, number }) => id === name || String(number) === name);
  if (version !== undefined) return version;
  throw new DomainError(
    'workspaces.version_not_found',
    'not-found',
    `There is no version "${name}". Name one by its id or its number, as the list of versions shows them.`,
    { facts: { version: name } },
  );
}

/** Makes the version the one that runs; what runs already gives the releases as they were. */
export function activate(releases: Releases, version: Version): Releases {
  return releases.active === version.id ? releases : { ...releases, active: version.id };
}

/** Gives the version a name; an empty one takes it away. */
export function nameVersion(releases: Releases, version: Version, name: string, change: Change): Releases {
  const { name: before, ...bare } = version;
  if ((before ?? '') === name) return releases;
  const named = name === '' ? bare : { ...bare, name };
  return { ...releases, versions: releases.versions.map((each) => (each.id === version.id ? revised(named, change) : each)) };
}

/** At which revision a version is, and who brought it there. */
export function revisedOf({ revision = 1, author, publishedAt, updatedBy = author, updatedAt = publishedAt }: Version): Revised {
  return { revision, updatedBy, updatedAt };
}

function revised(version: Version, { by, at }: Change): Version {
  return { ...version, revision: revisedOf(version).revision + 1, updatedBy: by, updatedAt: at };
}

/** The releases without the version. Refuses the one that runs, and one with a name. */
export function removeVersion(releases: Releases, version: Version): Releases {
  const why =
    version.id === releases.active
      ? 'it is the one that runs. Activate another first'
      : version.name === undefined
        ? undefined
        : `it is kept as "${version.name}". Take its name away first`;
  if (why !== undefined) {
    throw new DomainError('workspaces.version_in_use', 'conflict', `Version ${version.number} cannot be deleted: ${why}.`, {
      facts: { version: version.id, number: version.number },
    });
  }
  return { ...releases, versions: releases.versions.filter(({ id }) => id !== version.id), last: nextNumber(releases) - 1 };
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
      const [digest, size, ...path] = line.split(' ') as [string, string, ...string[]];
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
