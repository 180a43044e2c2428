import { describe, expect, it } from '@jest/globals';
import { EventLoopTurns } from './event-loop-turns';

/** Whether others who have `work` milliseconds to do come to their next step, a millisecond later, before `whose` next turn. */
async function othersCome(turns: EventLoopTurns, whose: object, work: number): Promise<boolean> {
  let came = false;
  setImmediate(() => {
    const until = performance.now() + work;
    while (performance.now() < until);
    setTimeout(() => (came = true), 1);
  });
  await turns.next(whose);
  return came;
}

describe('turns of the event loop', () => {
  it('come round at once for who has had few', async () => {
    const turns = new EventLoopTurns();
    const whose = {};
    for (let turn = 0; turn < 100; turn++) expect(await othersCome(turns, whose, 0.5)).toBe(false);
  });

  it('leave others their next steps once somebody has had many, and only that one waits', async () => {
    const turns = new EventLoopTurns();
    const whose = {};
    for (let turn = 0; turn < 100; turn++) await turns.next(whose);
    expect(await othersCome(turns, whose, 0.5)).toBe(true);
    expect(await othersCome(turns, {}, 0.5)).toBe(false);
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
