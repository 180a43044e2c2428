import type { Alarms, Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

const MINUTE = 60_000;

/** Work that comes up again and again. */
export interface Chore {
  /** What it is, for the log: "trimming the log". */
  readonly name: string;
  /** Does what there is to do now, or until it is told to stop. */
  readonly work: (signal: AbortSignal) => Promise<unknown>;
  /** Lets another instance do it. */
  readonly giveUp: () => Promise<void>;
}

export interface EachMinuteParts {
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Log;
}

/** Does a chore at the start, each minute, and at once when it is told to. Never twice at a time. */
export class EachMinute implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ending = new AbortController();
  private cancel = (): void => undefined;
  private working: Promise<unknown> = Promise.resolve();
  private isWorking = false;

  constructor(
    private readonly chore: Chore,
    private readonly parts: EachMinuteParts,
  ) {}

  onApplicationBootstrap(): void {
    this.begin();
  }

  /** Begins now, unless it is at it. */
  begin(): void {
    if (this.isWorking || this.ending.signal.aborted) return;
    this.isWorking = true;
    this.cancel();
    this.working = this.logged(this.chore.work(this.ending.signal)).finally(() => {
      this.isWorking = false;
      const { alarms, clock } = this.parts;
      if (!this.ending.signal.aborted) this.cancel = alarms.set(clock.now() + MINUTE, () => this.begin());
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    this.cancel();
    await this.working;
    await this.logged(this.chore.giveUp());
  }

  /** What fails is tried again in a minute. */
  private logged(work: Promise<unknown>): Promise<unknown> {
    return work.catch((error: unknown) => this.parts.log.warn(`This failed: ${this.chore.name}.`, { error }));
  }
}
