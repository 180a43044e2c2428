import { describe, expect, it } from '@jest/globals';
import { close, EMPTY_BASKET, find, join, REMEMBERED_FOR, spend, type Basket, type GatherRule, type Gathering } from './gathering';

const debounce: GatherRule = { kind: 'debounce', period: 100, maxWait: 250 };
const batch: GatherRule = { kind: 'batch', size: 3, within: 1_000 };

/** The basket after these events, each at its time. */
function after(rule: GatherRule, events: readonly (readonly [event: string, at: number])[], start = EMPTY_BASKET): Basket {
  return events.reduce((basket, [event, at]) => join(basket, event, rule, at).basket, start);
}

function only(basket: Basket): Gathering {
  expect(basket.gatherings).toHaveLength(1);
  return basket.gatherings[0] as Gathering;
}

describe('a debounce', () => {
  it('is due a period after the last event, which alone counts', () => {
    const basket = after({ kind: 'debounce', period: 100 }, [
      ['e1', 0],
      ['e2', 90],
      ['e3', 180],
    ]);
    expect(only(basket)).toEqual({ id: 'e1', events: ['e3'], count: 3, first: 0, due: 280 });
  });

  it('waits no longer than it may', () => {
    const basket = after(debounce, [
      ['e1', 0],
      ['e2', 90],
      ['e3', 180],
    ]);
    expect(only(basket).due).toBe(250);
  });

  it('says which event counts no more, and takes it back no more', () => {
    const first = after(debounce, [['e1', 0]]);
    const second = join(first, 'e2', debounce, 10);
    expect(second.replaced).toBe('e1');
    expect(join(second.basket, 'e1', debounce, 20)).toEqual({ basket: second.basket, isIn: false, arm: second.basket.gatherings });
  });

  it('wants a timer when it opens, not whenever it is put off', () => {
    const first = join(EMPTY_BASKET, 'e1', debounce, 0);
    expect(first.arm).toEqual(first.basket.gatherings);
    expect(join(first.basket, 'e2', debounce, 10).arm).toEqual([]);
  });
});

describe('a batch', () => {
  it('is due when its time is over', () => {
    const basket = after(batch, [
      ['e1', 0],
      ['e2', 500],
    ]);
    expect(only(basket)).toEqual({ id: 'e1', events: ['e1', 'e2'], count: 2, first: 0, due: 1_000 });
  });

  it('is due at once when it is full, wants a timer for that, and the next event opens another', () => {
    const two = after(batch, [
      ['e1', 0],
      ['e2', 10],
    ]);
    const full = join(two, 'e3', batch, 20);
    expect(full.arm).toMatchObject([{ id: 'e1', due: 20 }]);
    const next = after(batch, [['e4', 20]], full.basket);
    expect(next.gatherings.map(({ events }) => events)).toEqual([['e1', 'e2', 'e3'], ['e4']]);
  });
});

describe('a gathering', () => {
  const basket = after(batch, [['e1', 0]]);
  const gathering = only(basket);

  it('has an event once, and says again that its timer is wanted', () => {
    expect(join(basket, 'e1', batch, 5)).toEqual({ basket, isIn: true, arm: [gathering] });
  });

  it('cannot be closed before it is due', () => {
    expect(close(basket, gathering, 999)).toBeUndefined();
  });

  it('takes nothing more once it is closed, not even by a clock that is behind', () => {
    const closed = close(basket, gathering, 1_000) ?? EMPTY_BASKET;
    expect(only(closed)).toEqual({ ...gathering, taken: true });
    expect(close(closed, only(closed), 0)).toBe(closed);
    const later = after(batch, [['e2', 500]], closed);
    expect(later.gatherings.map(({ events }) => events)).toEqual([['e1'], ['e2']]);
  });

  it('leaves its events remembered when it is done, for a while', () => {
    const done = spend(basket, gathering, 1_000);
    expect(find(done, 'e1')).toBeUndefined();
    expect(join(done, 'e1', batch, 2_000)).toEqual({ basket: done, isIn: false, arm: [] });
    const others = after(batch, [['e2', 3_000]], done);
    const emptied = spend(others, only(others), 1_000 + REMEMBERED_FOR);
    expect(emptied.spent).toEqual([{ event: 'e2', at: 1_000 + REMEMBERED_FOR }]);
  });
});
