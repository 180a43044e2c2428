import { describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { SystemAlarms } from './system-alarms';

/** Answers one time after the other, the last for ever. */
class ToldClock extends Clock {
  asked = 0;

  constructor(public times: readonly number[]) {
    super();
  }

  override now(): number {
    return this.times[Math.min(this.asked++, this.times.length - 1)] ?? 0;
  }
}

/** An alarm that keeps the process, and its test, alive until it rang. */
const rung = (alarms: SystemAlarms, at: number): Promise<void> => {
  const awake = setInterval(() => undefined, 1_000);
  return new Promise<void>((resolve) => void alarms.set(at, resolve)).finally(() => clearInterval(awake));
};

describe('SystemAlarms', () => {
  it('rings at once, but not in this turn, when the time has passed', async () => {
    let inThisTurn = true;
    const ringing = rung(new SystemAlarms(new ToldClock([1_000])), 500).then(() => inThisTurn);
    inThisTurn = false;
    expect(await ringing).toBe(false);
  });

  it('never rings early by the clock', async () => {
    const clock = new ToldClock([0, 9, 9, 9.5, 9.5, 10]);
    await rung(new SystemAlarms(clock), 10);
    expect(clock.asked).toBe(6);
  });

  it('looks at the clock now and then, however far the alarm', async () => {
    const years = 10 * 365 * 24 * 3_600_000;
    const clock = new ToldClock([0, 0, 0, years]);
    await rung(new SystemAlarms(clock, 1), years);
    expect(clock.asked).toBe(4);
  });

  it('does not ring when it was taken back, before or after a nap', async () => {
    const clock = new ToldClock([0]);
    const alarms = new SystemAlarms(clock, 1);
    const seen: string[] = [];
    alarms.set(50, () => void seen.push('before'))();
    const cancel = alarms.set(50, () => void seen.push('after'));
    const napped = clock.asked + 3;
    while (clock.asked < napped) await rung(new SystemAlarms(new ToldClock([1]), 1), 0);
    cancel();
    clock.times = [50];
    await rung(new SystemAlarms(new ToldClock([0, 10])), 5);
    expect(seen).toEqual([]);
  });
});
