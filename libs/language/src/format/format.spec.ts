import { describe, expect, it } from '@jest/globals';
import { format } from './format';

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

describe('format', () => {
  it('indents by two blanks, prefers single quotes and pads maps but not lists', () => {
    expect(format(lines('do:', '- set:', '    {name: x,   value: "a", other: [ 1,2 ]}'))).toBe(
      lines('do:', "  - set: { name: x, value: 'a', other: [1, 2] }"),
    );
  });

  it('keeps double quotes where single ones would say something else', () => {
    expect(format(lines('a: "it\'s"', 'b: "x\\ty"'))).toBe(lines('a: "it\'s"', 'b: "x\\ty"'));
  });

  it('puts the keys of an automation in the order of the reference, and keeps comments with them', () => {
    expect(format(lines('# What it is.', '', 'output: 1 # the result', 'do: []', '# People see this.', 'name: A'))).toBe(
      lines('# What it is.', '', '# People see this.', 'name: A', 'do: []', 'output: 1 # the result'),
    );
  });

  it('moves a comment at the head to the new first key', () => {
    expect(format(lines('output: 1', 'do: []', 'name: A').replace('output', '# head\noutput'))).toBe(
      lines('# head', 'name: A', 'do: []', 'output: 1'),
    );
  });

  it('leaves the order of other documents alone', () => {
    expect(format(lines('timeZone: UTC', 'name: A'))).toBe(lines('timeZone: UTC', 'name: A'));
  });

  it('folds long texts, and breaks long maps in flow style', () => {
    const long = 'word '.repeat(60).trim();
    expect(
      Math.max(
        ...format(lines(`a: ${long}`))
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
    expect(format(lines(`a: { b: ${long.slice(0, 70)}, c: ${long.slice(0, 70)} }`)).split('\n').length).toBeGreaterThan(3);
  });

  it('keeps blocks of text as they are', () => {
    const text = lines('a: |', '  one', '    two', 'b: >-', '  three four', '', '  five');
    expect(format(text)).toBe(text);
  });

  it('gives back what it cannot read', () => {
    expect(format('a: [')).toBe('a: [');
    expect(format('')).toBe('');
  });

  it('is at rest after once', () => {
    const text = lines('b: [ [ 1 ], { a: 1 } ]', 'do:', '  [', '    x,', '    y', '  ]', 'c: {}', 'd: []');
    expect(format(format(text))).toBe(format(text));
  });
});
