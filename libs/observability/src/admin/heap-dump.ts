import { chmodSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import type { AdminAnswer } from './administered';
import type { Operator } from './operators';

const PAUSE = 60_000;
const KEPT = 3_600_000;

/** Puts on record that somebody takes a heap dump; resolves when that is kept. */
export type RecordHeapDump = (dump: { readonly file: string; readonly by: Operator }) => Promise<void>;

export interface HeapDumpPlace {
  /** Where they are written; undefined: nowhere, since they hold secrets. */
  readonly folder: string | undefined;
  /** Undefined: nobody could be told, so none is written. */
  readonly record: RecordHeapDump | undefined;
}

let last = Number.NEGATIVE_INFINITY;

/**
 * Writes a heap snapshot (mode 0600, removed after an hour), once it is on record who took it; one a minute, and only with room for twice
 * the memory in use.
 */
export async function writeHeapDump({ folder, record }: HeapDumpPlace, by: Operator): Promise<AdminAnswer> {
  if (folder === undefined) return refused(403, 'Heap dumps hold secrets and are off. Set MILLRACE_HEAPDUMP=true to allow them.');
  if (record === undefined) return refused(403, 'This process has no event log to record a heap dump on, so it writes none.');
  if (performance.now() - last < PAUSE) return refused(429, 'One heap dump a minute. Try again later.');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 2 * process.memoryUsage.rss()) return refused(503, 'There is not enough room on the disk for a heap dump.');
  last = performance.now();
  const file = join(folder, `heap-${process.pid}-${Math.round(performance.timeOrigin + last)}.heapsnapshot`);
  await record({ file, by });
  writeHeapSnapshot(file);
  chmodSync(file, 0o600);
  setTimeout(() => rmSync(file, { force: true }), KEPT).unref();
  return { status: 201, body: { file } };
}

function refused(status: number, detail: string): AdminAnswer {
  return { status, body: { detail } };
}
