import { describe, expect, it } from '@jest/globals';
import { markedPaths, valuesAt, withDefaults } from './defaults';

const schema = {
  properties: {
    a: { default: 1 },
    b: { properties: { c: { default: [] }, d: { secret: true } } },
    list: { items: { properties: { e: { default: 'x' }, f: { secret: true } } } },
  },
};

describe('withDefaults', () => {
  it('fills in at any depth of maps and lists', () => {
    expect(withDefaults(schema, { b: {}, list: [{}, { e: 'y' }] })).toEqual({ a: 1, b: { c: [] }, list: [{ e: 'x' }, { e: 'y' }] });
  });

  it('gives back the same value when nothing was missing', () => {
    const value = { a: null, b: { c: 1 }, list: [{ e: 1 }] };
    expect(withDefaults(schema, value)).toBe(value);
  });

  it('leaves what no schema speaks of alone', () => {
    expect(withDefaults(undefined, { a: 1 })).toEqual({ a: 1 });
    expect(withDefaults({ items: {} }, 'text')).toBe('text');
    expect(withDefaults({ properties: { a: true } }, {})).toEqual({});
  });
});

describe('marked paths', () => {
  it('lead to what a schema marks, through lists', () => {
    expect(markedPaths(schema, 'secret')).toEqual([
      ['b', 'd'],
      ['list', '*', 'f'],
    ]);
    expect(markedPaths(true, 'secret')).toEqual([]);
  });

  it('find the values there', () => {
    const value = { b: { d: 'one' }, list: [{ f: 'two' }, {}, { f: 'three' }] };
    expect(markedPaths(schema, 'secret').flatMap((path) => valuesAt(value, path))).toEqual(['one', 'two', 'three']);
    expect(valuesAt({ a: 1 }, ['a', '*'])).toEqual([]);
    expect(valuesAt(1, ['a'])).toEqual([]);
  });
});
