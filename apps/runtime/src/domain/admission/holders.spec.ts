import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settle, type Holder } from './holders';

const holders: readonly Holder[] = [
  { run: 'r1', at: 1 },
  { run: 'r2', at: 2 },
];

describe('the holders of slots', () => {
  it('let in who asks until the limit is reached, in the order asked', () => {
    const asking = ['r3', 'r4'].map((run) => ({ run, limit: 3 }));
    expect(settle(holders, new Set(), asking, 9)).toEqual({ holders: [...holders, { run: 'r3', at: 9 }], answers: ['taken', 'full'] });
  });

  it('let go who leaves before anybody comes in', () => {
    const { holders: after, answers } = settle(holders, new Set(['r1']), [{ run: 'r3', limit: 2 }], 9);
    expect([after.map(({ run }) => run), answers]).toEqual([['r2', 'r3'], ['taken']]);
  });

  it('know who holds a slot already, whatever the limit has become', () => {
    expect(settle(holders, new Set(), [{ run: 'r2', limit: 1 }], 9)).toEqual({ holders, answers: ['held'] });
  });

  it('are the same list when nothing changed', () => {
    expect(settle(holders, new Set(['gone']), [{ run: 'r3', limit: 2 }], 9).holders).toBe(holders);
  });

  it('are never more than the limit, nor anybody twice', () => {
    const anyRun = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(
        fc.array(fc.record({ asks: fc.array(anyRun), leaves: fc.array(anyRun) })),
        fc.integer({ min: 1, max: 4 }),
        (rounds, limit) => {
          let now: readonly Holder[] = [];
          for (const { asks, leaves } of rounds) {
            const asking = asks.map((run) => ({ run, limit }));
            const settled = settle(now, new Set(leaves), asking, 0);
            const runs = settled.holders.map(({ run }) => run);
            expect(runs.length).toBeLessThanOrEqual(limit);
            expect(new Set(runs).size).toBe(runs.length);
            asks.forEach((run, index) => expect(runs.includes(run)).toBe(settled.answers[index] !== 'full'));
            now = settled.holders;
          }
        },
      ),
    );
  });
});
