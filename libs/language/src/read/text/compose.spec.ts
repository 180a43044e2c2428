import { describe, expect, it } from '@jest/globals';
import { compose } from './compose';

describe('a text composed', () => {
  it.each([
    ['in a list', `[${','.repeat(500)}]`],
    ['of signs that close nothing', ']'.repeat(500)],
    ['of texts beside each other', '"" '.repeat(500)],
    ['of indentation', '\ta: 1\n'.repeat(500)],
  ])('is not gone on with after the last mistake that was asked for: %s', (_, text) => {
    const { documents, mistakes } = compose(text, 10);
    expect([documents.length, mistakes.length]).toEqual([0, 10]);
  });

  it('has its document in spite of few mistakes', () => {
    const { documents, mistakes } = compose('a: [1,,2]\nb: 1', 10);
    expect(documents[0]?.toJS()).toEqual({ a: [1, 2], b: 1 });
    expect(mistakes).toEqual([expect.objectContaining({ start: 6, end: 7, message: expect.stringContaining(',') as unknown })]);
  });

  it('ends with the second document', () => {
    expect(compose('---\na\n'.repeat(500), 10).documents).toHaveLength(2);
  });

  it('minds no directive that nobody knows', () => {
    expect(compose(`${'%a\n'.repeat(500)}---\na: 1`, 10)).toMatchObject({ documents: [{}], mistakes: [] });
  });
});
