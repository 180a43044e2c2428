import { describe, expect, it } from '@jest/globals';
import { LoopTurns } from './loop-turns';

/** One turn of the event loop. */
async function turn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  return promise;
}

/** Keeps the event loop busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('work by turns', () => {
  it('begins at once where there is time, and again in the next turn', async () => {
    const turns = new LoopTurns();
    expect(turns.next()).toBeUndefined();
    work(20);
    await turn();
    expect([turns.next(), turns.waited()]).toEqual([undefined, 0]);
  });

  it('says for how long all have waited lately, and nothing for a burst', async () => {
    const turns = new LoopTurns();
    const job = async (): Promise<void> => {
      await turns.next();
      work(25);
    };
    const burst = Array.from({ length: 8 }, job);
    await turn();
    await turn();
    expect(turns.waited()).toBe(0);
    await Promise.all(burst);
    let most = 0;
    const busy = async (): Promise<void> => {
      while (most === 0) {
        await job();
        most = Math.max(most, turns.waited());
      }
    };
    await Promise.all(Array.from({ length: 8 }, busy));
    expect(most).toBeGreaterThanOrEqual(25);
    expect(turns.waited()).toBe(0);
  });
});
