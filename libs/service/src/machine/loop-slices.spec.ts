import { describe, expect, it } from '@jest/globals';
import { LoopSlices } from './loop-slices';

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

describe('work by slices', () => {
  it('begins at once where there is time, and again in the next turn', async () => {
    const slices = new LoopSlices();
    expect(slices.next()).toBeUndefined();
    work(20);
    await turn();
    expect([slices.next(), slices.waited()]).toEqual([undefined, undefined]);
  });

  it('waits for another turn after a long stretch, in the order asked, and tells how long', async () => {
    const waits: number[] = [];
    const slices = new LoopSlices((_, waited) => void waits.push(waited));
    void slices.next();
    work(20);
    const said: string[] = [];
    let seen = 0;
    const job = async (name: string): Promise<void> => {
      await slices.next();
      said.push(`${name} begins in ${seen}`);
      await Promise.resolve();
      work(20);
      said.push(`${name} ends`);
    };
    const jobs = ['a', 'b', 'c'].map((name) => job(name));
    expect(slices.waited()).toBeGreaterThanOrEqual(0);
    for (; seen < 4; seen++) await turn();
    await Promise.all(jobs);
    expect(said).toEqual(['a begins in 0', 'a ends', 'b begins in 1', 'b ends', 'c begins in 2', 'c ends']);
    expect(waits).toHaveLength(4);
    expect(waits[0]).toBe(0);
    expect(waits[3]).toBeGreaterThanOrEqual(40);
  });

  it('lets as many begin in a turn as there is time for, each after what the one before does at once', async () => {
    const slices = new LoopSlices();
    void slices.next();
    work(20);
    const said: string[] = [];
    const job = async (name: string): Promise<void> => {
      await slices.next();
      said.push(`${name} begins`);
      for (let step = 0; step < 20; step++) await Promise.resolve();
      said.push(`${name} ends`);
    };
    await Promise.all([job('a'), job('b')]);
    expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });
});
