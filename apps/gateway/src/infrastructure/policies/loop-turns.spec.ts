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

  it('waits for another turn after a long stretch, in the order asked', async () => {
    const turns = new LoopTurns();
    void turns.next();
    work(20);
    const said: string[] = [];
    let seen = 0;
    const job = async (name: string): Promise<void> => {
      await turns.next();
      said.push(`${name} begins in ${seen}`);
      await Promise.resolve();
      work(20);
      said.push(`${name} ends`);
    };
    const jobs = ['a', 'b', 'c'].map((name) => job(name));
    for (; seen < 4; seen++) await turn();
    await Promise.all(jobs);
    expect(said).toEqual(['a begins in 0', 'a ends', 'b begins in 1', 'b ends', 'c begins in 2', 'c ends']);
  });

  it('lets as many begin in a turn as there is time for, each after what the one before does at once', async () => {
    const turns = new LoopTurns();
    void turns.next();
    work(20);
    const said: string[] = [];
    const job = async (name: string): Promise<void> => {
      await turns.next();
      said.push(`${name} begins`);
      for (let step = 0; step < 20; step++) await Promise.resolve();
      said.push(`${name} ends`);
    };
    await Promise.all([job('a'), job('b')]);
    expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
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
