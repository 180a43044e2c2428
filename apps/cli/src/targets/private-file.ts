import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refused } from '../refused';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** What a file says that nobody but its owner may read; undefined when there is none. Refuses one that others may read. */
export function readPrivate(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (process.platform !== 'win32' && (stats.mode & OTHERS) !== 0) {
    throw new Refused('cli.file_too_open', 'forbidden', `Others than you may read or change ${file}.`, `chmod 600 ${file}`);
  }
  return readFileSync(file, 'utf8');
}

/** Writes such a file: as a whole or not at all. */
export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, text, { mode: OWNER_ONLY });
  // The mode above is narrowed by the umask, and does not count for a file that was left behind.
  chmodSync(beside, OWNER_ONLY);
  renameSync(beside, file);
}
