import { stat } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TimerLateness } from './timer-lateness';

let lateness: TimerLateness;

afterEach(() => {
  lateness.close();
});

/** Keeps the event loop busy in one turn. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('the lateness of a process', () => {
  it('shows when every turn is long, and is gone when none is', async () => {
    lateness = new TimerLateness();
    while (lateness.now() < 40) {
      work(100);
      await stat('.');
    }
    while (lateness.now() >= 40) await stat('.');
    expect(lateness.now()).toBeLessThan(40);
  });

  it('shows in the second of two long turns', async () => {
    lateness = new TimerLateness();
    work(300);
    await stat('.');
    work(300);
    expect(lateness.now()).toBeGreaterThanOrEqual(200);
  });

  it('does not show for one long turn', async () => {
    lateness = new TimerLateness();
    work(300);
    expect(lateness.now()).toBeLessThan(200);
    await stat('.');
    expect(lateness.now()).toBeLessThan(200);
  });
});
