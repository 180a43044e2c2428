import { describe, expect, it } from '@jest/globals';
import { tooDeepAt } from './too-deep';

describe('a text nested thousands deep', () => {
  it.each([
    ['open lists', '['.repeat(10_000), 499],
    ['lists', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, 502],
    ['maps', `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`, 499 * 4],
    ['items of items', `${'- '.repeat(10_000)}a`, 1_000],
    ['keys of keys', `${'? '.repeat(10_000)}a`, 1_000],
  ])('is known by its %s', (_, text, at) => {
    expect(tooDeepAt(text)).toBe(at);
  });

  it.each([
    ['many lists beside each other', '[[]], '.repeat(10_000)],
    ['closings alone', ']'.repeat(1_000) + '['.repeat(400)],
    ['a rule of dashes', '-'.repeat(10_000)],
    ['templates', '{{a}} '.repeat(10_000)],
  ])('is none of %s', (_, text) => {
    expect(tooDeepAt(text)).toBeUndefined();
  });
});
