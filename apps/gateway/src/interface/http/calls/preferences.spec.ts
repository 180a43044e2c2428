import { describe, expect, it } from '@jest/globals';
import { preferencesOf } from './preferences';

describe('what a caller prefers', () => {
  it.each([
    [undefined, { minimal: false, async: false }],
    ['return=minimal', { minimal: true, async: false }],
    ['RETURN="minimal"', { minimal: true, async: false }],
    ['return=representation, return=minimal', { minimal: false, async: false }],
    ['respond-async, wait=10', { minimal: false, async: true, wait: 10 }],
    ['respond-async; foo="a, b"; bar', { minimal: false, async: true }],
    ['wait=soon', { minimal: false, async: false }],
    ['wait = 5 ; x', { minimal: false, async: false, wait: 5 }],
    ['handling=lenient,,=, ;', { minimal: false, async: false }],
  ])('is read from %j', (prefer, read) => {
    expect(preferencesOf(prefer === undefined ? {} : { prefer })).toEqual(read);
  });

  it('may come in several lines', () => {
    expect(preferencesOf({ prefer: ['wait=3', 'return=minimal'] })).toEqual({ minimal: true, async: false, wait: 3 });
  });
});
