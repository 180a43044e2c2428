import { describe, expect, it } from '@jest/globals';
import { roughSize } from './rough-size';

describe('the rough size of a value', () => {
  it.each([
    ['text', 'x'.repeat(100)],
    ['a list of texts', Array.from({ length: 1_000 }, () => 'x'.repeat(20))],
    ['a map', Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, { a: [1, 2, 3] }]))],
    ['a list in a list', [[['x'.repeat(500)]]]],
    ['numbers', [1000, 2000, 3000]],
  ])('is near that of its JSON: %s', (_, value) => {
    const exact = JSON.stringify(value).length;
    expect(roughSize(value)).toBeGreaterThan(exact / 2);
    expect(roughSize(value)).toBeLessThan(exact * 2);
  });

  it.each([
    ['nothing', null],
    ['a number', 5],
    ['an empty list', []],
    ['an empty map', {}],
  ])('is small: %s', (_, value) => {
    expect(roughSize(value)).toBeLessThan(5);
  });
});
