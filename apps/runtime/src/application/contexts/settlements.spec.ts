import { describe, expect, it } from '@jest/globals';
import { isSettled, Settlements } from './settlements';

const flush = (run: string, number: number) => ({ run, number });

describe('settlements', () => {
  it('are due where the run wrote, up to the number it said', () => {
    const settlements = new Settlements();
    settlements.wrote('a', flush('run_1', 0));
    settlements.wrote('a', flush('run_1', 2));
    settlements.wrote('b', flush('run_2', 0));
    settlements.settle('run_1', 2);
    const due = settlements.dueIn('a');
    expect([0, 1, 2].map((number) => isSettled(due, { ...flush('run_1', number), at: 0 }))).toEqual([true, true, false]);
    expect(isSettled(due, { ...flush('run_2', 0), at: 0 })).toBe(false);
    expect(settlements.dueIn('b').size).toBe(0);
  });

  it('are due until they were dropped, and again for what the run has written since', () => {
    const settlements = new Settlements();
    settlements.wrote('a', flush('run_1', 0));
    settlements.settle('run_1', 1);
    const due = settlements.dueIn('a');
    settlements.wrote('a', flush('run_1', 1));
    settlements.settle('run_1', 2);
    settlements.dropped('a', due);
    expect(settlements.dueIn('a').get('run_1')).toBe(2);
    settlements.dropped('a', settlements.dueIn('a'));
    expect(settlements.dueIn('a').size).toBe(0);
    settlements.settle('run_1', Infinity);
    expect(settlements.dueIn('a').size).toBe(0);
  });

  it('of the runs and contexts longest ago are forgotten: memory has an end', () => {
    const settlements = new Settlements(2);
    for (const run of ['run_1', 'run_2', 'run_3']) settlements.wrote(run, flush(run, 0));
    for (const run of ['run_1', 'run_2', 'run_3']) settlements.settle(run, 1);
    expect(['run_1', 'run_2', 'run_3'].map((key) => settlements.dueIn(key).size)).toEqual([0, 1, 1]);
    for (const key of ['a', 'b', 'c']) settlements.wrote(key, flush('run_4', 0));
    settlements.settle('run_4', 1);
    expect(['run_2', 'a', 'b', 'c'].map((key) => settlements.dueIn(key).size)).toEqual([0, 0, 1, 1]);
  });
});
