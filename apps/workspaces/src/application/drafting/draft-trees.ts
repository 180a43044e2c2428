import type { Draft } from '../../domain/draft';
import { parseTree, treeText, type Tree } from '../../domain/releases';
import type { Digests } from '../../domain/tree/compare';
import type { FileStore } from '../ports/file-store';

const DIGEST = /^[0-9a-f]{64}$/;

/** Drafts as versions have their files: under one digest. */
export class DraftTrees {
  constructor(private readonly files: FileStore) {}

  digestOf(draft: Draft): string {
    return this.files.digestOf(treeText(treeOf(draft))).digest;
  }

  /** Stores a tree, so that it is known by its digest from now on. */
  async keep(workspaceId: string, tree: Tree): Promise<string> {
    return (await this.files.put(workspaceId, treeText(tree))).digest;
  }

  /** The files of a tree that was kept; undefined when none of that digest was. */
  async find(workspaceId: string, digest: string): Promise<Tree | undefined> {
    if (!DIGEST.test(digest) || (await this.files.sizeOf(workspaceId, digest)) === undefined) return undefined;
    return parseTree(await this.files.get(workspaceId, digest));
  }
}

export function treeOf({ files }: Draft): Tree {
  return Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
}

export function digestsOf(tree: Tree): Digests {
  return new Map(tree.map(({ path, digest }) => [path, digest]));
}
