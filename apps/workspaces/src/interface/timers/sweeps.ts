import type { Log } from '@millrace/observability';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Something that is done again and again. */
export interface Chore {
  /** Milliseconds from one time to the next. */
  readonly period: number;
  /** What to say when it fails. */
  readonly failed: string;
  readonly work: () => Promise<void>;
}

/** Does chores, each at its time. */
export class Sweeps implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly chores: readonly Chore[],
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    for (const chore of this.chores) this.repeat(chore);
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.inHand);
  }

  /** One at a time: a sweep that takes long is not overtaken by the next. */
  private repeat({ period, failed, work }: Chore): void {
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
