import { describe, expect, it } from '@jest/globals';
import { KeyQueues } from './key-queues';

describe('KeyQueues', () => {
  const item = (offset: number, key?: string): { offset: number; key: string | undefined } => ({ offset, key });

  it('lets one of a key go at a time, and everything without a key', () => {
    const queues = new KeyQueues<ReturnType<typeof item>>();
    expect([item(1, 'a'), item(2, 'a'), item(3, 'b'), item(4), item(5)].map((taken) => queues.admit(taken))).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
    expect([queues.held, queues.behind('a'), queues.behind('b'), queues.behind(undefined)]).toEqual([1, 1, 0, 0]);
  });

  it('gives what waits in the order of the log, whatever order it came in', () => {
    const queues = new KeyQueues<ReturnType<typeof item>>();
    for (const offset of [5, 9, 7, 8, 6]) queues.admit(item(offset, 'a'));
    const released: (number | undefined)[] = [];
    for (let next = queues.release(item(5, 'a')); next !== undefined; next = queues.release(next)) released.push(next.offset);
    expect([released, queues.held, queues.admit(item(1, 'a'))]).toEqual([[6, 7, 8, 9], 0, true]);
  });
});
