import { describe, expect, it } from '@jest/globals';
import { Clock, isId } from '@millrace/kernel';
import { SystemClock, SystemIds } from './machine';

class SetClock extends Clock {
  constructor(public time: number) {
    super();
  }

  override now(): number {
    return this.time;
  }
}

describe('SystemIds', () => {
  it('mints ids that sort by time and never repeat', () => {
    const clock = new SetClock(1_700_000_000_000);
    const ids = new SystemIds(clock);
    const early = ids.mint('evt');
    clock.time += 1;
    const late = ids.mint('evt');
    expect(isId('evt', early)).toBe(true);
    expect(early < late).toBe(true);
    expect(new Set(Array.from({ length: 1_000 }, () => ids.mint('evt'))).size).toBe(1_000);
  });

  it('derives the same id from the same names, and another from any others', () => {
    const ids = new SystemIds(new SetClock(0));
    expect(ids.derive('run', 'a', 'b')).toBe(ids.derive('run', 'a', 'b'));
    expect(isId('run', ids.derive('run', 'a', 'b'))).toBe(true);
    // Kept in stores: the same in every release.
    expect(ids.derive('run', 'evt_1', 'ä', 'x')).toBe('run_5czkk4xfnqbyf8pv1chbx30njk');
    expect(new Set([['a', 'b'], ['ab'], ['a', 'b', ''], ['b', 'a'], ['1:a', 'b']].map((names) => ids.derive('run', ...names))).size).toBe(
      5,
    );
  });
});

describe('SystemClock', () => {
  it('tells milliseconds since 1970', () => {
    expect(new SystemClock().now()).toBeGreaterThan(1_700_000_000_000);
  });
});
