import { describe, expect, it } from '@jest/globals';
import { BEARABLE, isShed, pressureOf, type Turn } from './pressure';

const shedAt = (pressure: number): Turn[] => ([1, 2, 3, 4, undefined] as const).filter((turn) => isShed(turn, pressure));

describe('under overload', () => {
  it('the first are refused when the event loop is late by more than 200 ms, or more than a thousand requests are in hand', () => {
    expect(shedAt(pressureOf(200, 1_000, BEARABLE))).toEqual([]);
    expect(shedAt(pressureOf(201, 0, BEARABLE))).toEqual([1]);
    expect(shedAt(pressureOf(0, 1_001, BEARABLE))).toEqual([1]);
  });

  it('the others follow in their order, and some are never refused', () => {
    expect(shedAt(1.3)).toEqual([1, 2]);
    expect(shedAt(1.6)).toEqual([1, 2, 3]);
    expect(shedAt(100)).toEqual([1, 2, 3, 4]);
  });
});
