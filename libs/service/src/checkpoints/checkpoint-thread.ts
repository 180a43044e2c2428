// A thread of its own: it may import nothing of ours, and nothing but Node.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** The files to look after, and how often (milliseconds). */
export interface CheckpointWork {
  readonly files: readonly string[];
  readonly every: number;
}

/** What the thread says of a pass. */
export type CheckpointReport = { readonly moved: string } | { readonly file: string; readonly problem: string };

/** Bytes of a write-ahead log that are not worth a visit to the disk. */
const SMALL = 4 * 1024 * 1024;

const { files, every } = workerData as CheckpointWork;
const port = parentPort;
const databases = new Map<string, DatabaseSync>();
const seen = new Map<string, number>();

/** Moves what is in the write-ahead log into the file, without holding up whoever writes meanwhile. */
function visit(file: string): void {
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (wal === undefined || wal.size < SMALL || seen.get(file) === wal.mtimeMs) return;
  const database = databases.get(file) ?? new DatabaseSync(file);
  databases.set(file, database);
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  seen.set(file, wal.mtimeMs);
  port?.postMessage({ moved: file } satisfies CheckpointReport);
}

function pass(): void {
  for (const file of files) {
    try {
      visit(file);
    } catch (error) {
      port?.postMessage({ file, problem: String(error) } satisfies CheckpointReport);
    }
  }
}

const timer = setInterval(pass, every);
port?.once('message', () => {
  clearInterval(timer);
  for (const database of databases.values()) database.close();
});
