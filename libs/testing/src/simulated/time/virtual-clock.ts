import { Clock } from '@millrace/kernel';

/** Stands still until it is moved. Never goes back. */
export class VirtualClock extends Clock {
  /** `time`: milliseconds since 1970. */
  constructor(private time: number) {
    super();
  }

  override now(): number {
    return this.time;
  }

  moveTo(time: number): void {
    this.time = Math.max(this.time, time);
  }
}
