const MOST_QUEUED = 1_000;
const MOST_BYTES = 1024 * 1024;
/** Nothing new is queued before the queue is down to this part of its limits. */
const REFILL_BELOW = 0.5;

/** How much is on its way to a receiver that has not taken it yet, and who waits for that to be less. */
export class Queue {
  private count = 0;
  private bytes = 0;
  private gone = false;
  private waiting: ((open: boolean) => void)[] = [];

  /** The receiver has left. */
  get isGone(): boolean {
    return this.gone;
  }

  hasRoom(): boolean {
    return !this.gone && this.count < MOST_QUEUED && this.bytes < MOST_BYTES;
  }

  /** Resolves when there is room again: true; false when the receiver is gone. */
  room(): Promise<boolean> {
    if (this.gone || this.hasRoom()) return Promise.resolve(!this.gone);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  add(bytes: number): void {
    this.count += 1;
    this.bytes += bytes;
  }

  /** The receiver has taken a delivery of so many bytes. */
  take(bytes: number): void {
    this.count -= 1;
    this.bytes -= bytes;
    if (this.waiting.length > 0 && this.count <= MOST_QUEUED * REFILL_BELOW && this.bytes <= MOST_BYTES * REFILL_BELOW) this.wake(true);
  }

  leave(): void {
    this.gone = true;
    this.wake(false);
  }

  private wake(open: boolean): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve(open);
  }
}
