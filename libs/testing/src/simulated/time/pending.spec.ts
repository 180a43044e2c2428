import { describe, expect, it } from '@jest/globals';
import { Chance } from './chance';
import { Lane } from './lane';
import { Pending } from './pending';

const NUMBERS = Array.from({ length: 3_000 }, (_, index) => index);

function taken(chance: Chance | undefined): readonly (number | undefined)[] {
  const pending = new Pending<number>(chance);
  for (const number of NUMBERS) pending.add(number);
  const all = NUMBERS.map(() => pending.take());
  expect([pending.size, pending.take()]).toEqual([0, undefined]);
  return all;
}

describe('Pending', () => {
  it('gives the oldest first when there is no chance', () => {
    expect(taken(undefined)).toEqual(NUMBERS);
  });

  it('gives each once, in an order that the seed decides', () => {
    const [one, again, other] = [taken(new Chance(1)), taken(new Chance(1)), taken(new Chance(2))];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect([...one].sort((a, b) => Number(a) - Number(b))).toEqual(NUMBERS);
  });
});

describe('Chance', () => {
  it('spreads evenly, and keeps to the shares it is given', () => {
    const chance = new Chance(7);
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4_000; n++) {
      const drawn = chance.below(4);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    expect([chance.happens(0), chance.happens(1)]).toEqual([false, true]);
  });
});

describe('Lane', () => {
  it('has one up at a time, the others in order behind it', () => {
    const lane = new Lane<string>();
    expect([lane.enter('a'), lane.enter('b'), lane.enter('c')]).toEqual([true, false, false]);
    expect([lane.leave(), lane.leave(), lane.leave()]).toEqual(['b', 'c', undefined]);
    expect(lane.enter('d')).toBe(true);
  });
});
