import { describe, expect, it } from '@jest/globals';
import { StoredEvent } from './stored-event';
import { Tail } from './tail';

function tailOf(first: number, last: number, bytes = 1): Tail {
  const tail = new Tail();
  for (let offset = first; offset <= last; offset++) tail.push(eventAt(offset, bytes));
  return tail;
}

const eventAt = (offset: number, bytes: number) =>
  new StoredEvent({ epoch: 'e', offset, recordedAt: 1 }, 'ws_1', 'orders.paid', undefined, new Uint8Array(bytes));
const offsets = (tail: Tail, after: number, limit = 1_000) => tail.page(after, limit)?.map(({ offset }) => offset);

describe('the newest events in memory', () => {
  it('are none at first', () => {
    expect(new Tail().page(0, 10)).toBeUndefined();
  });

  it('are given in order after an offset they reach back to', () => {
    const tail = tailOf(7, 12);
    expect(offsets(tail, 6)).toEqual([7, 8, 9, 10, 11, 12]);
    expect(offsets(tail, 9, 2)).toEqual([10, 11]);
    expect(offsets(tail, 12)).toEqual([]);
    expect(offsets(tail, 5)).toBeUndefined();
  });

  it('are at most 512, or 2 MiB', () => {
    const many = tailOf(1, 2_000);
    expect([offsets(many, 1_487), offsets(many, 1_488)?.length]).toEqual([undefined, 512]);
    const heavy = tailOf(1, 20, 512 * 1024);
    expect([offsets(heavy, 15), offsets(heavy, 16)]).toEqual([undefined, [17, 18, 19, 20]]);
  });

  it('begin anew after they were let go', () => {
    const tail = tailOf(1, 20);
    tail.clear();
    expect(offsets(tail, 19)).toBeUndefined();
    tail.push(eventAt(21, 1));
    expect([offsets(tail, 20), offsets(tail, 19)]).toEqual([[21], undefined]);
  });
});
