import { describe, expect, it } from '@jest/globals';
import { RecentEvents, type Placed } from './recent-events';

function ring(start: bigint, offsets: readonly bigint[], limits = { count: 3, weight: 100 }, weight = 1): RecentEvents<Placed> {
  const recent = new RecentEvents<Placed>(start, limits);
  for (const offset of offsets) recent.push({ offset, weight });
  return recent;
}

function after(recent: RecentEvents<Placed>, offset: bigint): readonly bigint[] {
  return [...recent.after(offset)].map((entry) => entry.offset);
}

describe('the newest events', () => {
  it('begin at the head of the log', () => {
    const recent = ring(7n, []);
    expect([recent.from, recent.head, recent.covers(7n), recent.covers(6n)]).toEqual([7n, 7n, true, false]);
    expect(after(recent, 7n)).toEqual([]);
  });

  it('are told in order after any offset they cover', () => {
    const recent = ring(7n, [10n, 12n, 15n]);
    expect(after(recent, 7n)).toEqual([10n, 12n, 15n]);
    expect(after(recent, 10n)).toEqual([12n, 15n]);
    expect(after(recent, 11n)).toEqual([12n, 15n]);
    expect(after(recent, 15n)).toEqual([]);
    expect(after(recent, 99n)).toEqual([]);
  });

  it('lose the oldest when there are too many, and say how far back they reach', () => {
    const recent = ring(0n, [1n, 2n, 3n, 4n, 5n]);
    expect([recent.from, recent.head]).toEqual([2n, 5n]);
    expect(after(recent, 2n)).toEqual([3n, 4n, 5n]);
    expect(recent.covers(1n)).toBe(false);
  });

  it('lose the oldest when they weigh too much, even the last one', () => {
    expect(after(ring(0n, [1n, 2n, 3n], { count: 10, weight: 100 }, 40), 1n)).toEqual([2n, 3n]);
    const heavy = ring(0n, [1n], { count: 10, weight: 100 }, 101);
    expect([heavy.from, heavy.head, after(heavy, 1n)]).toEqual([1n, 1n, []]);
  });

  it('go on being right after many have gone', () => {
    const offsets = Array.from({ length: 1_000 }, (_, index) => BigInt(index + 1));
    const recent = ring(0n, offsets);
    expect(after(recent, recent.from)).toEqual([998n, 999n, 1_000n]);
  });

  it('take back what came before, as far as there is room for it', () => {
    const recent = ring(7n, [10n, 12n], { count: 4, weight: 100 });
    expect([recent.room, recent.hasRoomFor(2, 98), recent.hasRoomFor(3, 3), recent.hasRoomFor(2, 99)]).toEqual([2, true, false, false]);
    recent.recall(
      4n,
      [5n, 7n].map((offset) => ({ offset, weight: 1 })),
    );
    expect([recent.from, recent.head, recent.room, recent.covers(4n)]).toEqual([4n, 12n, 0, true]);
    expect(after(recent, 4n)).toEqual([5n, 7n, 10n, 12n]);
    recent.push({ offset: 13n, weight: 97 });
    expect([recent.from, ...after(recent, recent.from)]).toEqual([5n, 7n, 10n, 12n, 13n]);
  });
});
