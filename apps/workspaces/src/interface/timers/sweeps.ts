import type { Log } from '@millrace/observability';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { SweepFiles } from '../../application/files/sweep-files';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Sweeps files: those whose time is over every minute, what nobody owns every hour. */
export class Sweeps implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly sweep: SweepFiles,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.repeat(MINUTE, 'Files whose time is over could not be deleted.', () => this.sweep.ended());
    this.repeat(HOUR, 'Uploads that nobody owns could not be swept.', () => this.sweep.abandoned());
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.inHand);
  }

  /** One at a time: a sweep that takes long is not overtaken by the next. */
  private repeat(period: number, failed: string, work: () => Promise<void>): void {
    let busy = false;
    const turn = async (): Promise<void> => {
      busy = true;
      await work().catch((error: unknown) => this.log.warn(failed, { error }));
      busy = false;
    };
    const timer = setInterval(() => {
      if (busy) return;
      const sweeping = turn();
      this.inHand.add(sweeping);
      void sweeping.finally(() => this.inHand.delete(sweeping));
    }, period);
    this.timers.push(timer.unref());
  }
}
