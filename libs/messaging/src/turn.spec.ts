import { describe, expect, it } from '@jest/globals';
import { Turn } from './turn';

describe('a turn', () => {
  it('is over after a while, and begins anew when the others had theirs', async () => {
    const turn = new Turn();
    expect(turn.isOver()).toBe(false);
    while (!turn.isOver());
    let served = 0;
    setImmediate(() => (served += 1));
    await turn.giveWay();
    expect([served, turn.isOver()]).toEqual([1, false]);
  });

  it('leaves those who had something to do time for their next steps', async () => {
    let done = false;
    setImmediate(() => {
      const until = performance.now() + 0.5;
      while (performance.now() < until);
      setTimeout(() => (done = true), 1);
    });
    await new Turn().giveWay();
    expect(done).toBe(true);
  });
});
