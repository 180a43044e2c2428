import { describe, expect, it } from '@jest/globals';
import { Timers, delayAfter } from './back-off';

describe('delayAfter', () => {
  const delays = [1_000, 10_000, 60_000, 600_000];
  const delay = (failures: number, chance: number): number => delayAfter(failures, { delays, chance: () => chance });

  it('waits longer with every failure, and as long as the last delay for ever', () => {
    expect([1, 2, 3, 4, 5, 50].map((failures) => delay(failures, 0.5))).toEqual([1_000, 10_000, 60_000, 600_000, 600_000, 600_000]);
  });

  it('spreads each delay by a fifth to both sides', () => {
    expect([0, 1].map((chance) => delay(1, chance))).toEqual([800, 1_200]);
  });

  it('does not wait when there is no delay', () => {
    expect(delayAfter(1, { delays: [], chance: () => 1 })).toBe(0);
  });
});

describe('Timers', () => {
  it('acts after the delay unless called off', async () => {
    const timers = new Timers();
    const acted: string[] = [];
    timers.after(1, () => acted.push('called off'));
    timers.clear();
    await new Promise<void>((resolve) => timers.after(2, resolve));
    expect([acted, timers.size]).toEqual([[], 0]);
  });
});
