import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginningOf, isWritable, leafOf, numbersOf, sortable, termOf, textsOf } from './terms';

const leaf = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.double({ noNaN: true }), fc.boolean());

describe('a term', () => {
  it('gives its value back, unless the value is only hashed', () => {
    fc.assert(fc.property(leaf, (value) => expect(leafOf(termOf('payload.a', value))).toEqual(value === 0 ? 0 : value)));
    expect(leafOf(termOf('payload.a', 'x'.repeat(257)))).toBeUndefined();
    expect(leafOf(termOf('payload.a', '\ud800'))).toBeUndefined();
  });

  it('is the same for what is equal, and another for what is not', () => {
    expect(termOf('a', -0)).toBe(termOf('a', 0));
    expect(termOf('a', '1')).not.toBe(termOf('a', 1));
    expect(termOf('a', 'true')).not.toBe(termOf('a', true));
    expect(termOf('a', '\ud800')).not.toBe(termOf('a', '\ud801'));
    expect(termOf('a', `${'x'.repeat(300)}y`)).not.toBe(termOf('a', `${'x'.repeat(300)}z`));
  });

  it('lies within the range of its kind, and begins as all of its field do', () => {
    const { from, to } = textsOf('payload.a');
    expect([termOf('payload.a', ''), termOf('payload.a', '\uffff')].every((term) => term >= from && term < to)).toBe(true);
    const numbers = numbersOf('payload.a');
    const ends = [termOf('payload.a', -Infinity), termOf('payload.a', Infinity)];
    expect(ends.every((term) => term >= numbers.from && term < numbers.to)).toBe(true);
    expect(termOf('payload.ab', 'x').startsWith(beginningOf('payload.a'))).toBe(false);
  });

  it('puts numbers into their order', () => {
    const number = fc.double({ noNaN: true });
    fc.assert(fc.property(number, number, (a, b) => expect(sortable(a) < sortable(b)).toBe(a < b)));
  });
});

describe('a path', () => {
  it('is not written when its terms could be taken for those of another, or are too long', () => {
    expect(['payload.a', 'payload.', 'payload.é'].map(isWritable)).toEqual([true, true, true]);
    expect(['payload.a\0s:b', `payload.${'a'.repeat(600)}`, 'payload.\ud800'].map(isWritable)).toEqual([false, false, false]);
  });
});
