import { Clock, type Alarms } from '@millrace/kernel';

/** Turns of the event loop after which whatever was under way in this process, writes of embedded stores included, is taken for done. */
const TURNS = 30;

interface Alarm {
  readonly at: number;
  ring(this: void): void;
}

/** A clock that stands still until it is advanced, and alarms that go by it. */
export class VirtualTime extends Clock implements Alarms {
  private readonly alarms = new Set<Alarm>();

  /** `start`: milliseconds since 1970. */
  constructor(private time: number) {
    super();
  }

  override now(): number {
    return this.time;
  }

  /** Rings while time is advanced, be it by nothing. */
  set(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.alarms.add(alarm);
    return () => void this.alarms.delete(alarm);
  }

  /** Lets time pass, alarm by alarm: each rings at its time, and what it set going is done before the next one. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settled();
    for (let next = this.first(end); next !== undefined; next = this.first(end)) {
      this.alarms.delete(next);
      this.time = Math.max(this.time, next.at);
      next.ring();
      await settled();
    }
    this.time = end;
  }

  /** Sets the clock without a ring, as for a machine that sleeps, or whose clock is put right. */
  jump(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** How many alarms are set. */
  pending(): number {
    return this.alarms.size;
  }

  private first(end: number): Alarm | undefined {
    let found: Alarm | undefined;
    for (const alarm of this.alarms) if (alarm.at <= end && (found === undefined || alarm.at < found.at)) found = alarm;
    return found;
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
