import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AlarmQueue } from './alarm-queue';

describe('AlarmQueue', () => {
  it('gives what is due by time, and what is due together in the order it was set', () => {
    const alarms = fc.array(fc.record({ at: fc.nat(20), isOff: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(alarms, (list) => {
        const queue = new AlarmQueue<number>();
        list.forEach(({ at, isOff }, index) => {
          const takeBack = queue.add(at, index, false);
          if (isOff) takeBack();
        });
        const taken = Array.from({ length: list.length }, () => queue.takeDue(20)).filter((item) => item !== undefined);
        const kept = list.flatMap(({ at, isOff }, index) => (isOff ? [] : [{ at, index }]));
        expect(taken).toEqual(kept.sort((a, b) => a.at - b.at || a.index - b.index).map(({ index }) => index));
        expect(queue.next(true)).toBeUndefined();
      }),
    );
  });

  it('gives nothing before its time', () => {
    const queue = new AlarmQueue<string>();
    queue.add(10, 'a', false);
    expect([queue.takeDue(9), queue.next(false), queue.takeDue(10), queue.takeDue(10)]).toEqual([undefined, 10, 'a', undefined]);
  });

  it('leaves the background out where only the foreground counts', () => {
    const queue = new AlarmQueue<string>();
    queue.add(5, 'behind', true);
    expect([queue.next(false), queue.next(true)]).toEqual([undefined, 5]);
    const takeBack = queue.add(7, 'before', false);
    expect(queue.next(false)).toBe(5);
    takeBack();
    takeBack();
    expect([queue.next(false), queue.next(true)]).toEqual([undefined, 5]);
  });
});
