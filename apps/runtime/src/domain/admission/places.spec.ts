import { describe, expect, it } from '@jest/globals';
import type { Rate } from './allowance';
import { Places } from './places';
import { Ticket, type Priority } from './share';

const NOW = Date.UTC(2026, 0, 1);
const FAST: Rate = { perSecond: 1_000_000, burst: 1_000_000 };

const ticket = (workspaceId: string, priority: Priority = 'normal', at = NOW): Ticket => new Ticket(workspaceId, priority, false, at);
const resumed = (workspaceId: string): Ticket => new Ticket(workspaceId, 'normal', true, NOW);

function enterAll(places: Places, tickets: readonly Ticket[], now = NOW): readonly boolean[] {
  return tickets.map((one) => places.enter(one, now));
}

/** Everybody who may run now. */
function admitted(places: Places, now = NOW): readonly Ticket[] {
  const got: Ticket[] = [];
  for (let next = places.next(now); next !== undefined; next = places.next(now)) got.push(next);
  return got;
}

/** Gives places back one by one; answers who follows. */
function turns(places: Places, workspaces: readonly string[], now = NOW): readonly string[] {
  return workspaces.flatMap((workspaceId) => {
    places.release(workspaceId);
    return admitted(places, now).map((one) => one.workspaceId);
  });
}

describe('the places of an instance', () => {
  it('are given at once while there are any', () => {
    const places = new Places({ most: 2, rate: FAST });
    expect(enterAll(places, [ticket('a'), ticket('b'), ticket('c')])).toEqual([true, true, false]);
    expect([places.running, places.waiting]).toEqual([2, 1]);
    expect(admitted(places)).toEqual([]);
  });

  it('go on to whoever waited, in the order they came', () => {
    const places = new Places({ most: 1, rate: FAST });
    const [first, second] = [ticket('a'), ticket('a')];
    enterAll(places, [ticket('a'), first, second]);
    places.release('a');
    expect(admitted(places)).toEqual([first]);
    places.release('a');
    expect(admitted(places)).toEqual([second]);
  });

  it('do not go to who has left', () => {
    const places = new Places({ most: 1, rate: FAST });
    const [first, second, third] = [ticket('a'), ticket('a'), ticket('a')];
    enterAll(places, [ticket('b'), first, second, third]);
    places.leave(second);
    places.leave(second);
    places.leave(first);
    expect(places.waiting).toBe(1);
    places.leave(third);
    places.release('b');
    expect(admitted(places)).toEqual([]);
    expect([places.running, places.waiting]).toEqual([0, 0]);
  });
});

describe('fair shares', () => {
  it('let a workspace with one waiting run have the next place, whatever waits of another', () => {
    const places = new Places({ most: 2, rate: FAST });
    enterAll(
      places,
      Array.from({ length: 10_000 }, () => ticket('many')),
    );
    places.enter(ticket('one'), NOW);
    expect(turns(places, ['many'])).toEqual(['one']);
  });

  it('take turns among workspaces that have as many running', () => {
    const places = new Places({ most: 1, rate: FAST });
    const tickets = ['a', 'a', 'a', 'b', 'b', 'c'].map((workspaceId) => ticket(workspaceId));
    enterAll(places, tickets);
    expect(turns(places, ['a', 'b', 'c', 'a', 'b'])).toEqual(['b', 'c', 'a', 'b', 'a']);
  });

  it('are shares of the places: who keeps them long gets fewer', () => {
    const places = new Places({ most: 4, rate: FAST });
    enterAll(
      places,
      Array.from({ length: 10 }, () => ticket('long')),
    );
    enterAll(
      places,
      Array.from({ length: 10 }, () => ticket('short')),
    );
    expect(turns(places, ['long', 'long'])).toEqual(['short', 'short']);
    expect(turns(places, ['short', 'short', 'short'])).toEqual(['short', 'short', 'short']);
  });

  it('count places that were given back no more', () => {
    const places = new Places({ most: 4, rate: FAST });
    enterAll(
      places,
      ['a', 'a', 'a', 'b'].map((workspaceId) => ticket(workspaceId)),
    );
    enterAll(
      places,
      ['a', 'b', 'b', 'b'].map((workspaceId) => ticket(workspaceId)),
    );
    expect(turns(places, ['a', 'a', 'a'])).toEqual(['b', 'a', 'b']);
  });
});

describe('priority', () => {
  it('goes before the order of arrival, within a workspace', () => {
    const places = new Places({ most: 1, rate: FAST });
    enterAll(places, [ticket('a'), ticket('a', 'low'), ticket('a', 'normal'), ticket('a', 'high')]);
    const order: Priority[] = [];
    for (let left = 3; left > 0; left--) {
      places.release('a');
      order.push(...admitted(places).map(({ priority }) => priority));
    }
    expect(order).toEqual(['high', 'normal', 'low']);
  });

  it('does not keep a low one waiting behind those that came a minute later', () => {
    const places = new Places({ most: 1, rate: FAST });
    enterAll(places, [ticket('a'), ticket('a', 'low', NOW), ticket('a', 'high', NOW + 59_999), ticket('a', 'high', NOW + 60_001)]);
    const came: number[] = [];
    for (let left = 3; left > 0; left--) {
      places.release('a');
      came.push(...admitted(places).map(({ at }) => at - NOW));
    }
    expect(came).toEqual([59_999, 0, 60_001]);
  });
});

describe('the rate of a workspace', () => {
  const rate: Rate = { perSecond: 10, burst: 3 };

  it('allows the burst at once and then one each interval', () => {
    const places = new Places({ most: 100, rate });
    expect(
      enterAll(
        places,
        Array.from({ length: 5 }, () => ticket('a')),
      ),
    ).toEqual([true, true, true, false, false]);
    expect(admitted(places)).toEqual([]);
    expect(places.nextAt).toBe(NOW + 100);
    expect(admitted(places, NOW + 99)).toHaveLength(0);
    expect(admitted(places, NOW + 100)).toHaveLength(1);
    expect(places.nextAt).toBe(NOW + 200);
    expect(admitted(places, NOW + 200)).toHaveLength(1);
    expect(places.nextAt).toBe(Infinity);
  });

  it('keeps no other workspace waiting, and takes no place meanwhile', () => {
    const places = new Places({ most: 4, rate });
    enterAll(
      places,
      Array.from({ length: 5 }, () => ticket('a')),
    );
    expect(places.enter(ticket('b'), NOW)).toBe(true);
    expect(places.nextAt).toBe(Infinity);
    places.release('b');
    expect(places.nextAt).toBe(NOW + 100);
  });

  it('does not count runs that go on after a wait, and lets them go first', () => {
    const places = new Places({ most: 4, rate });
    enterAll(
      places,
      Array.from({ length: 4 }, () => ticket('a')),
    );
    const on = resumed('a');
    expect(places.enter(on, NOW)).toBe(false);
    expect(admitted(places)).toEqual([on]);
    places.release('a');
    expect(admitted(places, NOW + 100)).toHaveLength(1);
  });

  it('delays a workspace again when the run that needed no allowance leaves', () => {
    const places = new Places({ most: 3, rate });
    enterAll(
      places,
      Array.from({ length: 4 }, () => ticket('a')),
    );
    const on = resumed('a');
    places.enter(on, NOW);
    places.leave(on);
    places.release('a');
    expect(admitted(places)).toEqual([]);
    expect(places.nextAt).toBe(NOW + 100);
  });

  it('wakes nobody when those it delayed have left', () => {
    const places = new Places({ most: 100, rate });
    const late = [ticket('a'), ticket('a')];
    enterAll(places, [ticket('a'), ticket('a'), ticket('a'), ...late]);
    for (const one of late) places.leave(one);
    expect(places.nextAt).toBe(Infinity);
  });

  it('loses no more than the burst when the clock is put back', () => {
    const places = new Places({ most: 100, rate });
    enterAll(
      places,
      Array.from({ length: 4 }, () => ticket('a')),
    );
    const hourAgo = NOW - 3_600_000;
    expect(admitted(places, hourAgo)).toHaveLength(0);
    expect(places.nextAt).toBe(hourAgo + 100);
    expect(admitted(places, hourAgo + 100)).toHaveLength(1);
  });

  it('is forgotten with a workspace only when it is whole again', () => {
    const places = new Places({ most: 1_000, rate });
    enterAll(
      places,
      Array.from({ length: 3 }, () => ticket('a')),
    );
    for (let left = 3; left > 0; left--) places.release('a');
    for (let other = 0; other < 5; other++) {
      places.enter(ticket(`w${other}`), NOW);
      places.release(`w${other}`);
    }
    expect(places.enter(ticket('a'), NOW)).toBe(false);
    expect(admitted(places, NOW + 100)).toHaveLength(1);
  });
});
