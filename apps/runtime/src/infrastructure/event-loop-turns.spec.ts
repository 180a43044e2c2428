import { describe, expect, it } from '@jest/globals';
import { EventLoopTurns } from './event-loop-turns';

/** How often the loop goes round until something is over. */
async function roundsDuring(waiting: Promise<void>): Promise<number> {
  let rounds = 0;
  let over = false;
  const round = (): void => {
    if (over) return;
    rounds += 1;
    setImmediate(round);
  };
  setImmediate(round);
  await waiting;
  over = true;
  return rounds;
}

describe('turns of the event loop', () => {
  it('come round at once for who has had few', async () => {
    const turns = new EventLoopTurns();
    const whose = {};
    for (let turn = 0; turn < 25; turn++) expect(await roundsDuring(turns.next(whose))).toBeLessThanOrEqual(1);
  });

  it('leave others many rounds once somebody has had many, and only that one waits', async () => {
    const turns = new EventLoopTurns();
    const whose = {};
    for (let turn = 0; turn < 25; turn++) await turns.next(whose);
    expect(await roundsDuring(turns.next(whose))).toBeGreaterThan(5);
    expect(await roundsDuring(turns.next({}))).toBeLessThanOrEqual(1);
  });

  it('say how much of the CPU they took', () => {
    const busy = () => {
      const used = process.threadCpuUsage();
      for (;;) {
        const { user, system } = process.threadCpuUsage(used);
        if (user + system >= 5_000) return 'done';
      }
    };
    const { value, cpu } = new EventLoopTurns().timed(busy);
    expect(value).toBe('done');
    expect(cpu).toBeGreaterThanOrEqual(5);
  });
});
