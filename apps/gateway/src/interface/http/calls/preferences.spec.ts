import { describe, expect, it } from '@jest/globals';
import { preferencesOf } from './preferences';

const NONE = { minimal: false, async: false, lenient: false };

describe('what a caller prefers', () => {
  it.each([
    [undefined, {}],
    ['return=minimal', { minimal: true }],
    ['RETURN="minimal"', { minimal: true }],
    ['return=representation, return=minimal', {}],
    ['respond-async, wait=10', { async: true, wait: 10 }],
    ['respond-async; foo="a, b"; bar', { async: true }],
    ['wait=soon', {}],
    ['wait = 5 ; x', { wait: 5 }],
    ['handling=lenient,,=, ;', { lenient: true }],
    ['wait=31', { wait: 30 }],
  ])('is read from %j', (prefer, read) => {
    expect(preferencesOf(prefer === undefined ? {} : { prefer })).toEqual({ ...NONE, ...read });
  });

  it('may come in several lines', () => {
    expect(preferencesOf({ prefer: ['wait=3', 'return=minimal'] })).toEqual({ ...NONE, minimal: true, wait: 3 });
  });
});
