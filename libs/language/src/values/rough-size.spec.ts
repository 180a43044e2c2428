import { describe, expect, it } from '@jest/globals';
import { jsonSize, roughSize } from './rough-size';

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

describe('the size of a value as JSON', () => {
  it.each([
    ['text', 'x'.repeat(100)],
    ['a list', ['a', 'b', ['c']]],
    ['a map', { a: 'b', c: { d: 'e' }, f: [{ g: '' }] }],
    ['many', Array.from({ length: 1_000 }, (_, n) => ({ [`k${n}`]: 'x'.repeat(n) }))],
  ])('is that of its JSON, or a character more for each list and map: %s', (_, value) => {
    const exact = JSON.stringify(value).length;
    expect(jsonSize(value)).toBeGreaterThanOrEqual(exact);
    expect(jsonSize(value)).toBeLessThan(exact * 1.2 + 4);
  });

  it('leaves out what JSON leaves out', () => {
    expect(jsonSize({ a: undefined })).toBe(2);
  });
});
