import { Alarms, type Clock } from '@millrace/kernel';

/** Node's timers, for minutes at most. They keep no process alive. */
export class Timers extends Alarms {
  constructor(private readonly clock: Clock) {
    super();
  }

  override set(at: number, ring: () => void): () => void {
    const timer = setTimeout(ring, Math.max(0, at - this.clock.now())).unref();
    return () => clearTimeout(timer);
  }
}
