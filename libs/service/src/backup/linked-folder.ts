import { linkSync, lstatSync, mkdirSync, readdirSync, rmSync, type Dirent } from 'node:fs';
import { copyFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '@millrace/kernel';

/** What a folder was copied to weighs. */
export interface Copied {
  readonly files: number;
  readonly bytes: number;
}

/**
 * A second name for each file of a folder whose files never change, only come and go: what was removed is still there to be copied. `links`
 * must be on the same file system.
 */
export class LinkedFolder {
  /** The inode of each file that has its second name. */
  private linked = new Map<string, number>();

  constructor(
    private readonly folder: string,
    private readonly links: string,
  ) {}

  /** Makes the links what the folder is now. Quick when it was called a moment ago: nobody removes or adds in between without being noticed. */
  follow(): void {
    const seen = new Map<string, number>();
    for (const path of filesBelow(this.folder, '')) {
      const inode = ifThere(() => lstatSync(join(this.folder, path)).ino);
      if (inode !== undefined && (this.linked.get(path) === inode || this.link(path))) seen.set(path, inode);
    }
    for (const path of this.linked.keys()) if (!seen.has(path)) rmSync(join(this.links, path));
    this.linked = seen;
  }

  /** Copies what the links name, durably. */
  async copyTo(target: string): Promise<Copied> {
    let bytes = 0;
    for (const path of this.linked.keys()) {
      const copy = join(target, path);
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(join(this.links, path), copy);
      const file = await open(copy, 'r+');
      try {
        await file.sync();
        bytes += (await file.stat()).size;
      } finally {
        await file.close();
      }
    }
    return { files: this.linked.size, bytes };
  }

  /** Removes the links, also those that a killed process left. */
  clear(): void {
    rmSync(this.links, { recursive: true, force: true });
    this.linked.clear();
  }

  /** False: the file is gone. */
  private link(path: string): boolean {
    const name = join(this.links, path);
    mkdirSync(dirname(name), { recursive: true });
    rmSync(name, { force: true });
    try {
      linkSync(join(this.folder, path), name);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw cannotLink(this.folder, error);
    }
  }
}

/** The paths of all files in a folder and below, relative to it. What goes meanwhile is left out. */
function* filesBelow(folder: string, base: string): Generator<string> {
  const entries = ifThere<readonly Dirent[]>(() => readdirSync(join(folder, base), { withFileTypes: true })) ?? [];
  for (const entry of entries) {
    const path = join(base, entry.name);
    if (entry.isDirectory()) yield* filesBelow(folder, path);
    else yield path;
  }
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function cannotLink(folder: string, error: unknown): DomainError {
  return new DomainError(
    'backup.cannot_link',
    'unavailable',
    `The files of ${folder} cannot be held while they are copied (${codeOf(error)}): the data folder must be on one file system that knows hard links.`,
    { facts: { folder } },
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
