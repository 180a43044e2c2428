import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Purge } from '../../application/retention/purge';

const HOUR = 3_600_000;

/** Lets what is kept no longer be removed: every hour, and at once where less is kept than before. One thing at a time. */
export class Purger implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<unknown> = Promise.resolve();

  constructor(private readonly purge: Purge) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.after((signal) => this.purge.all(signal)), HOUR).unref();
  }

  /** Begins soon with one workspace. */
  begin(workspaceId: string): void {
    this.after((signal) => this.purge.one(workspaceId, signal));
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.ending.abort();
    await this.work;
  }

  private after(task: (signal: AbortSignal) => Promise<unknown>): void {
    const { signal } = this.ending;
    // What fails is left to the next hour; the purge itself says what it was.
    this.work = this.work.then(() => (signal.aborted ? undefined : task(signal))).catch(() => undefined);
  }
}
