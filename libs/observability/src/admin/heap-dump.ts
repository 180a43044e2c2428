import { chmodSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import type { AdminAnswer } from './administered';

const PAUSE = 60_000;
const KEPT = 3_600_000;

let last = Number.NEGATIVE_INFINITY;

/** Writes a heap snapshot (mode 0600, removed after an hour); one a minute, and only with room for twice the memory in use. */
export async function writeHeapDump(folder: string | undefined): Promise<AdminAnswer> {
  if (folder === undefined) {
    return { status: 403, body: { detail: 'Heap dumps hold secrets and are off. Set MILLRACE_HEAPDUMP=true to allow them.' } };
  }
  if (performance.now() - last < PAUSE) return { status: 429, body: { detail: 'One heap dump a minute. Try again later.' } };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 2 * process.memoryUsage.rss()) {
    return { status: 503, body: { detail: `There is not enough room in ${folder} for a heap dump.` } };
  }
  last = performance.now();
  const file = writeHeapSnapshot(join(folder, `heap-${process.pid}-${Math.round(performance.timeOrigin + last)}.heapsnapshot`));
  chmodSync(file, 0o600);
  setTimeout(() => rmSync(file, { force: true }), KEPT).unref();
  return { status: 201, body: { file } };
}
