import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Log } from '@millrace/observability';
import type { CheckpointReport, CheckpointWork } from './checkpoint-thread';

/** Milliseconds between two looks at the files. */
const EVERY = 250;

export interface CheckpointsOptions {
  /** SQLite files that are shared inside this process. */
  readonly files: readonly string[];
  readonly log: Log;
  /** Milliseconds between two looks at them. */
  readonly every?: number;
  /** Hears of each file whose write-ahead log was moved. */
  readonly onMoved?: (file: string) => void;
}

/**
 * Moves the write-ahead logs of SQLite files into them, in a thread of its own: that waits for the disk, which would hold up every
 * request where it is done by whoever writes. Should the thread fail, the writers do it after all, later.
 */
export class Checkpoints {
  private readonly worker: Worker;

  constructor({ files, log, every = EVERY, onMoved }: CheckpointsOptions) {
    const workerData: CheckpointWork = { files, every };
    this.worker = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData });
    this.worker.unref();
    this.worker.on('message', (report: CheckpointReport) => {
      if ('moved' in report) onMoved?.(report.moved);
      else log.warn('The write-ahead log of a file could not be moved into it.', { ...report });
    });
    this.worker.on('error', (error) => log.error('The thread that looks after the files has ended: writers do its work.', { error }));
  }

  /** Resolves when the thread has let go of the files. To be awaited before they are closed. */
  async close(): Promise<void> {
    const ended = once(this.worker, 'exit');
    if (this.worker.threadId === -1) return;
    this.worker.ref();
    this.worker.postMessage('stop');
    await ended;
  }
}
