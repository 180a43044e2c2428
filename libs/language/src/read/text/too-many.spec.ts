import { describe, expect, it } from '@jest/globals';
import { tooManyAt } from './too-many';

describe('a text with too many values', () => {
  it('is known by the place of the first one too many', () => {
    expect(tooManyAt('[1, 22, 333, 4444]', 3)).toBe('[1, 22, 333, '.length);
    expect(tooManyAt('\ufeffa: 1\nb: 2\n', 3)).toBe('\ufeffa: 1\nb: '.length);
  });

  it.each(['[1, 2, 3]', 'a: 1', '', `a: |\n${'  one, two, three\n'.repeat(100)}`, `a: "${'1,'.repeat(100)}"`])('is not: %j', (text) => {
    expect(tooManyAt(text, 3)).toBeUndefined();
  });
});
