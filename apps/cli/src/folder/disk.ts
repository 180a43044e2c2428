import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Refused } from '../refused';

/** The text of a file. Refuses one that cannot be read. */
export function textOf(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refusalOf(error, shown);
  }
}

/** What stands at a path; undefined when nothing does. */
export function kindAt(path: string): 'file' | 'folder' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return stats.isDirectory() ? 'folder' : 'file';
}

/** The entries of a folder in order of their names; hidden ones and installed packages left out. Links are not followed. */
export function entriesOf(folder: string): readonly Dirent[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The files below a folder, as paths that count from it, with `/`. */
export function filesBelow(folder: string, prefix = ''): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    return entry.isDirectory() ? filesBelow(join(folder, entry.name), `${path}/`) : [path];
  });
}

/** A path as it is shown and compared: from one place to another, with `/`. */
export function pathFrom(from: string, to: string): string {
  const path = relative(from, to).split(sep).join('/');
  return path === '' ? '.' : path;
}

function refusalOf(error: unknown, shown: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(shown);
  if (code === 'EISDIR') return new Refused('cli.not_a_file', 'invalid', `${shown} is a folder.`, 'give the path of a file.');
  if (code === 'EACCES' || code === 'EPERM')
    return new Refused('cli.file_forbidden', 'forbidden', `${shown} may not be read.`, 'ask its owner, or change its rights.');
  return error;
}

/** Nothing stands at a path that was given. */
export function missing(shown: string): Refused {
  return new Refused(
    'cli.file_not_found',
    'not-found',
    `There is no file or folder ${shown}.`,
    'check the path; it counts from the folder you are in.',
  );
}
