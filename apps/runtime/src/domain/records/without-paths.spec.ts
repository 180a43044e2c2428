import { describe, expect, it } from '@jest/globals';
import { withoutPaths } from './without-paths';

describe('what is kept of the arguments of a run', () => {
  it('holds nothing at the paths of what is secret or redacted', () => {
    const given = { card: { no: '4711', name: 'Ada' }, codes: [{ pin: 1 }, { pin: 2 }, 3], note: 'n' };
    expect(
      withoutPaths(given, [
        ['card', 'no'],
        ['codes', '*', 'pin'],
      ]),
    ).toEqual({
      card: { no: 'REDACTED', name: 'Ada' },
      codes: [{ pin: 'REDACTED' }, { pin: 'REDACTED' }, 3],
      note: 'n',
    });
    expect(given.card.no).toBe('4711');
  });

  it('is what was given where nothing is at such a path', () => {
    const given = { a: [1], b: 2 };
    expect(withoutPaths(given, [['c'], ['a', 'x'], ['b', 'y'], ['toString']])).toEqual(given);
  });
});
