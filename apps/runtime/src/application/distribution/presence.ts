import type { Alarms, Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import type { ActiveRecords } from './ports/active-records';
import type { Runtimes } from './ports/runtimes';

const BEAT = 3_000;

export interface PresenceParts {
  readonly instance: string;
  readonly records: ActiveRecords;
  readonly runtimes: Runtimes;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
}

/** Says that this instance runs, and how much it has seen of what is to run: every few seconds, and at once when it has seen more. */
export class Presence {
  private readonly startedAt: number;
  private stops: readonly (() => void)[] = [];
  private silence: () => void = () => undefined;
  private saying: Promise<void> = Promise.resolve();
  private said = -1;
  private isOver = false;

  constructor(private readonly parts: PresenceParts) {
    this.startedAt = parts.clock.now();
  }

  async start(): Promise<void> {
    this.say(true);
    this.stops = [this.parts.records.follow(() => this.say(false))];
    await this.saying;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    for (const stop of this.stops) stop();
    this.silence();
    await this.saying;
    await this.parts.runtimes.withdraw(this.parts.instance);
  }

  /** What is seen while something is being said is said with it or right after it, once. */
  private say(isBeat: boolean): void {
    this.saying = this.saying.then(() => this.announce(isBeat));
  }

  private async announce(isBeat: boolean): Promise<void> {
    const { instance, records, runtimes, log } = this.parts;
    const seen = records.seen();
    if (this.isOver || (!isBeat && seen === this.said)) return;
    try {
      await runtimes.announce({ instance, seen, startedAt: this.startedAt });
      this.said = seen;
    } catch (error) {
      log.warn('This instance cannot say that it runs.', { error });
    }
    this.rest();
  }

  private rest(): void {
    this.silence();
    this.silence = this.parts.alarms.set(this.parts.clock.now() + BEAT, () => this.say(true));
  }
}
