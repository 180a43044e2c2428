import { backOff } from '../../domain/timers/back-off';
import { keptTime, minuteOf, startOf, timerKey } from '../../domain/timers/timer-key';
import { HeldTimers, type TimersParts } from './held-timers';
import { OpenMinutes } from './open-minutes';

const NOTHING = new Uint8Array();

/**
 * Names, each to be called at a time: durable, however far the time, and fired by every instance that has started. An entry leaves when
 * it has been seen to. Only the minutes around now are in memory; the clocks of instances may differ by less than a minute.
 */
export class Timers {
  private readonly held: HeldTimers;
  private readonly minutes: OpenMinutes;
  private cancel = (): void => undefined;
  private rolling: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: TimersParts) {
    this.held = new HeldTimers(parts);
    this.minutes = new OpenMinutes(parts.bucket, this.held);
  }

  /**
   * Begins: what is overdue fires at once, the rest at its time. `fire` resolves when the entry has been seen to, which deletes it; when
   * it rejects, it is called again after 1 s, 2 s … 60 s. One name is never in two hands of this process. Rejects as the bucket does.
   */
  async start(fire: (name: string) => Promise<void>): Promise<void> {
    this.held.start(fire);
    await this.minutes.open(this.minute());
    this.armRoll();
  }

  /**
   * Durable when it resolves. A time that has passed is now. An entry of the same name and another time stays, unless it is cleared, and
   * fires as well.
   */
  async set(name: string, due: number): Promise<void> {
    const key = this.keyFor(name, due);
    await this.parts.bucket.put(key, NOTHING);
    if (this.keyFor(name, due) === key) return;
    // Its minute ended while the entry was on its way, and may have been closed without it.
    await this.set(name, due);
    await this.parts.bucket.delete(key);
  }

  /**
   * Sets an entry so many milliseconds ahead, and answers when it is due: still ahead, however long this took. For what is done next; should
   * this process be gone before, somebody looks after it then.
   */
  async setAhead(name: string, milliseconds: number): Promise<number> {
    for (;;) {
      const due = this.parts.clock.now() + milliseconds;
      await this.set(name, due);
      if (this.parts.clock.now() < due) return due;
    }
  }

  /** Takes back an entry. One whose time has come may fire all the same. */
  async clear(name: string, due: number): Promise<void> {
    const time = keptTime(due);
    const keys = new Set([timerKey({ name, due: time, minute: minuteOf(time) }), ...this.held.keysOf(name, time)]);
    await Promise.all(Array.from(keys, (key) => this.parts.bucket.delete(key)));
  }

  /** Fires nothing more; resolves when what is in hand has been seen to. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    const seenTo = this.held.stop();
    await this.rolling;
    await this.minutes.close();
    await seenTo;
  }

  private keyFor(name: string, due: number): string {
    const time = keptTime(due);
    return timerKey({ name, due: time, minute: Math.max(minuteOf(time), this.minute(), this.minutes.first) });
  }

  private minute(): number {
    return minuteOf(this.parts.clock.now());
  }

  private armRoll(): void {
    this.arm(startOf(this.minute() + 1), 0);
  }

  private arm(at: number, failed: number): void {
    if (this.stopped) return;
    this.cancel = this.parts.alarms.set(at, () => void (this.rolling = this.roll(failed)));
  }

  /** Moves to the minute that has begun; when the bucket cannot be had, again and again. */
  private async roll(failed: number): Promise<void> {
    try {
      await this.minutes.moveTo(this.minute());
      this.armRoll();
    } catch (error) {
      this.parts.log.warn('The timers of the next minutes cannot be read; trying again.', { error });
      this.arm(this.parts.clock.now() + backOff(failed + 1), failed + 1);
    }
  }
}
