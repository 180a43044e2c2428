import { Alarms, type Clock } from '@millrace/kernel';

const MINUTE = 60_000;

/**
 * Node's timers, gone by the clock: never early, and within a minute when the clock was put forward or the machine slept. They keep no
 * process alive.
 */
export class SystemAlarms extends Alarms {
  /** `nap`: milliseconds after which a far alarm looks at the clock again. */
  constructor(
    private readonly clock: Clock,
    private readonly nap = MINUTE,
  ) {
    super();
  }

  override set(at: number, ring: () => void): () => void {
    let timer: NodeJS.Timeout;
    const sleep = (): void => {
      timer = setTimeout(wake, Math.min(Math.max(Math.ceil(at - this.clock.now()), 0), this.nap)).unref();
    };
    const wake = (): void => (this.clock.now() < at ? sleep() : ring());
    sleep();
    return () => clearTimeout(timer);
  }
}
