import { describe, expect, it } from '@jest/globals';
import { matchesPattern } from '@millrace/language';
import fc from 'fast-check';
import { PatternIndex } from './pattern-index';

const token = fc.constantFrom('a', 'b', 'c');
const type = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'));
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 3 }), fc.constantFrom('a', '*', '>'))
  .map(([tokens, last]) => [...tokens, last].join('.'));

describe('values by pattern', () => {
  it('finds exactly those whose pattern fits', () => {
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 20 }), type, (patterns, name) => {
        const index = new PatternIndex<string>();
        for (const each of patterns) index.add(each, each);
        expect([...index.match(name)].toSorted()).toEqual(patterns.filter((each) => matchesPattern(each, name)).toSorted());
      }),
    );
  });

  it('finds a value once, by whichever of its patterns', () => {
    const index = new PatternIndex<number>();
    for (const each of ['>', 'a.>', 'a.b', '*.b']) index.add(each, 1);
    expect([...index.match('a.b')]).toEqual([1]);
  });

  it('is empty again when everything was taken out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 20 }), (patterns) => {
        const index = new PatternIndex<string>();
        for (const each of patterns) index.add(each, each);
        for (const each of patterns) index.remove(each, each);
        expect(index.empty).toBe(true);
      }),
    );
  });

  it('does not mind taking out what is not in it', () => {
    const index = new PatternIndex<number>();
    index.add('a.b', 1);
    index.remove('a.c.d', 1);
    index.remove('a.>', 1);
    index.remove('a.b', 2);
    expect([...index.match('a.b')]).toEqual([1]);
    expect(index.empty).toBe(false);
  });
});
