import { existsSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { giveWay } from './threads';

describe('the threads of V8', () => {
  it('give way to the one that answers, where the system can tell threads apart', () => {
    const before = getPriority();
    const threads = giveWay();
    expect(threads.length > 0).toBe(existsSync('/proc/self/task'));
    expect(threads.filter((thread) => getPriority(thread) < 10)).toEqual([]);
    expect(threads).not.toContain(process.pid);
    expect(getPriority()).toBe(before);
  });
});
