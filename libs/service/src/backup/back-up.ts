import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backup } from 'node:sqlite';
import { FolderBlobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import { openStore, SqliteEventLog } from '@millrace/messaging';
import { isDatabase, LocalFolder } from '../local-folder';
import { LinkedFolder, type Copied } from './linked-folder';
import { momentOf } from './moment';

/** Small files that a person wrote, or is to read. */
const BESIDE = ['gateway.yaml', 'first-password'];
/** Pages that are copied at a time. */
const PAGES = 1_000;

export interface BackUpOptions {
  /** The data folder of an embedded platform; a process may be at work there. */
  readonly data: string;
  /** Where the copy goes: a new folder, or an empty one. */
  readonly to: string;
}

/** What a copy holds: `backup.json` in it, written last. */
export interface Backup {
  /** The moment of which it is the copy, ISO 8601. */
  readonly takenAt: string;
  /** Milliseconds for which nothing could be written at that moment. */
  readonly heldFor: number;
  /** Bytes of each SQLite file. */
  readonly databases: Readonly<Record<string, number>>;
  readonly blobs: Copied;
}

/**
 * Copies a data folder as it is at one moment: what a `kill -9` of its process would leave then. Everything that was accepted before the
 * call is in it. The process goes on; it stands still for the moment itself. Started on the copy, Millrace goes on from there, with
 * positions of a new epoch. Refuses with `backup.nothing_there`, `backup.folder_taken`, `backup.in_progress`, `backup.cannot_link`.
 */
export async function backUp({ data, to }: BackUpOptions): Promise<Backup> {
  const names = databasesOf(data);
  makeEmpty(to);
  const turn = openStore(join(data, 'backup-lock'), { durability: 'fast' }, inProgress);
  const links = new LinkedFolder(FolderBlobs.keptIn(new LocalFolder(data).blobs), new LocalFolder(data).scratch('backup'));
  try {
    links.clear();
    return await copy(names, data, to, links);
  } finally {
    links.clear();
    turn.close();
  }
}

async function copy(names: readonly string[], data: string, to: string, links: LinkedFolder): Promise<Backup> {
  // Most of the files get their links here, while everybody works.
  links.follow();
  const began = performance.now();
  const snapshots = momentOf(
    names.map((name) => join(data, name)),
    () => links.follow(),
  );
  const moment = { takenAt: new Date().toISOString(), heldFor: Math.round(performance.now() - began) };
  try {
    for (const [index, name] of names.entries()) {
      const snapshot = snapshots[index];
      if (snapshot !== undefined) await backup(snapshot, join(to, name), { rate: PAGES });
    }
  } finally {
    for (const snapshot of snapshots) snapshot.close();
  }
  SqliteEventLog.markAsCopy(new LocalFolder(to).log);
  for (const name of BESIDE) if (existsSync(join(data, name))) copyFileSync(join(data, name), join(to, name));
  const blobs = await links.copyTo(FolderBlobs.keptIn(new LocalFolder(to).blobs));
  const databases = Object.fromEntries(names.map((name) => [name, statSync(join(to, name)).size]));
  const taken = { ...moment, databases, blobs };
  writeFileSync(join(to, 'backup.json'), `${JSON.stringify(taken, undefined, 2)}\n`, { flush: true });
  return taken;
}

function databasesOf(data: string): readonly string[] {
  const names = existsSync(data) ? readdirSync(data).filter(isDatabase) : [];
  if (names.length > 0) return names;
  throw new DomainError(
    'backup.nothing_there',
    'not-found',
    `There is nothing to back up in ${data}. Name the data folder of a Millrace that has run with MILLRACE_DATA.`,
    { facts: { data } },
  );
}

function makeEmpty(to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  if (readdirSync(to).length === 0) return;
  throw new DomainError('backup.folder_taken', 'conflict', `${to} is not empty. Name a new folder for each backup.`, { facts: { to } });
}

function inProgress(file: string): DomainError {
  return new DomainError('backup.in_progress', 'conflict', `Another backup of this folder is under way (${file}). Wait for its end.`);
}
