import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isNode, parseDocument, stringify, visit } from 'yaml';
import { tooManyAt } from './too-many';

const nodesOf = (text: string): number => {
  let nodes = 0;
  visit(parseDocument(text, { uniqueKeys: false }), (_, node) => {
    if (isNode(node)) nodes += 1;
  });
  return nodes;
};

describe('a text with too many values', () => {
  it('is known by the place of the first one too many', () => {
    expect(tooManyAt('[1, 22, 333, 4444]', 4)).toEqual({ at: '[1, 22, 333, '.length, of: 'values' });
    expect(tooManyAt('\ufeffa: 1\nb: 2\n', 3)).toEqual({ at: '\ufeffa: 1\nb: '.length, of: 'values' });
  });

  it.each([
    ['texts in quotes', '- ""\n'],
    ['lists', '- []\n'],
    ['maps', '- {}\n'],
    ['aliases', '- *x\n'],
    ['items without a value', '-\n'],
    ['keys without a value', '? a\n'],
    ['values without a key', ': a\n'],
    ['keys whose values are not there', 'a:\n'],
  ])('is known by its %s', (_, line) => {
    expect(tooManyAt(line.repeat(200), 150)?.of).toBe('values');
  });

  it.each(['[1, 2, 3]', 'a: 1', '', `a: |\n${'  one, two, three\n'.repeat(10)}`, `a: "${'1,'.repeat(100)}"`])('is not: %j', (text) => {
    expect(tooManyAt(text, 4)).toBeUndefined();
  });

  it.each([
    ['closings', ']'],
    ['empty lines', '\n'],
    ['remarks', '#\n'],
    ['documents', '---\n'],
  ])('is one of nothing but %s, too', (_, sign) => {
    expect(tooManyAt(sign.repeat(500), 50)?.of).toBe('tokens');
  });

  it('has no value less than were counted, whatever it says and however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'), (value, flow, style) => {
        const text = stringify(value, { collectionStyle: flow ? 'flow' : 'any', defaultStringType: style, nullStr: '' });
        expect(tooManyAt(text, nodesOf(text))?.of).not.toBe('values');
      }),
      { numRuns: 500 },
    );
  });

  it.each(['? a\n: b', '- ? a', '- - - a', 'a:\n: b', '{a: , b: }', '{? , ? a}', '- a: b\n  c:\n    d: e', '[a: b, c]', '? - a\n: - b'])(
    'is not made of %j by counting what is not there',
    (text) => {
      expect(tooManyAt(text, nodesOf(text))?.of).not.toBe('values');
    },
  );
});
