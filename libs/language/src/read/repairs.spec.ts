import { describe, expect, it } from '@jest/globals';
import type { Edit } from '../problems/problem';
import { read } from './read';

/** A text with an edit made in it. */
function edited(text: string, { line, column, endLine, endColumn, text: by }: Edit): string {
  const lines = text.split('\n');
  const offset = (row: number, at: number): number => lines.slice(0, row - 1).join('\n').length + (row > 1 ? 1 : 0) + at - 1;
  return text.slice(0, offset(line, column)) + by + text.slice(offset(endLine, endColumn));
}

/** What the repairs of a kind of problem make of a text, one by one. */
const repaired = (text: string, code: string): readonly string[] =>
  read(text, 'automations/a.yaml')
    .problems.filter((problem) => problem.code === code)
    .map(({ fix }) => fix?.edits.reduce(edited, text) ?? 'no repair');

describe('the repair of a missing key', () => {
  it.each<[string, string, string]>([
    ['of a document', 'name: x\n', 'do: []\nname: x\n'],
    ['of a document that is empty', '{}', '{ do: [] }'],
    ['of JSON', '{"name": "x"}', '{"do": [], "name": "x"}'],
    ['of an instruction', 'do:\n  - emit:\n      payload: {}\n', 'do:\n  - emit:\n      event: ""\n      payload: {}\n'],
    ['of an instruction on one line', 'do: [{ wait: {timeout: 1m} }]', 'do: [{ wait: {oneOf: [], timeout: 1m} }]'],
    ['of an empty body', 'do: [{ emit: {} }]', 'do: [{ emit: { event: "" } }]'],
    ['of no body', 'do:\n  - emit: # later\n', 'do:\n  - emit: { event: "" } # later\n'],
    ['of null as body', 'do:\n  - repeat: ~\n', 'do:\n  - repeat: { do: [] }\n'],
    ['with a number', 'do: [{ rateLimit: { name: a, window: 1m } }]', 'do: [{ rateLimit: { limit: 1, name: a, window: 1m } }]'],
    [
      'with a word of a list',
      'when: { endpoint: { verify: { secret: s } } }\ndo: []',
      'when: { endpoint: { verify: { preset: "standard-webhooks", secret: s } } }\ndo: []',
    ],
    ['with a duration', 'debounce: { key: a }\ndo: []', 'debounce: { period: "1m", key: a }\ndo: []'],
    ['with a path', 'do: [{ set: { value: a } }]', 'do: [{ set: { name: "", value: a } }]'],
    ['with one of several shapes', 'do: [{ all: { concurrency: 2 } }]', 'do: [{ all: { do: [], concurrency: 2 } }]'],
  ])('%s writes it', (_, text, expected) => {
    expect(repaired(text, 'key-missing')).toEqual([expected]);
  });

  it('of no body writes all that is required', () => {
    const expected = 'do:\n  - approve: { title: "", to: {}, deadline: "1m" }';
    expect(repaired('do:\n  - approve:', 'key-missing')).toEqual([expected, expected, expected]);
  });

  it.each([
    ['a key that was misspelt: that has one of its own', 'do: [{ set: { nmae: x } }]'],
    ['a key that is there without a value', 'do:'],
    ['an instruction without a colon', 'do: [{ emit }]'],
    ['an instruction that may be written in several ways', 'do: [{ all: }]'],
  ])('is not offered for %s', (_, text) => {
    expect(repaired(text, 'key-missing')).toEqual(['no repair']);
  });
});

describe('the repair of a key that is there twice', () => {
  it.each<[string, string, string]>([
    ['with its lines', 'do: []\noutput: 1 # one\n# two\noutput:\n  - 1\nname: x\n', 'do: []\noutput: 1 # one\n# two\nname: x\n'],
    ['with its block', 'do: []\noutput: |\n  a\noutput: |\n  b\n  c\nname: x', 'do: []\noutput: |\n  a\nname: x'],
    ['on the last line', 'do: []\n"do": []', 'do: []\n'],
    ['without a value', 'do: []\ndo:\nname: x', 'do: []\nname: x'],
    ['on one line', '{"do": [], "do": [], "name": "a"}', '{"do": [], "name": "a"}'],
    ['on one line, without a value', 'do: [{ set: { name: x, name }}]', 'do: [{ set: { name: x }}]'],
    ['with an alias as value', '{ do: &x [], do: *x }', '{ do: &x [] }'],
  ])('takes the second away %s', (_, text, expected) => {
    expect(repaired(text, 'yaml-duplicate-key')).toEqual([expected]);
  });
});

describe('the repair of a word', () => {
  it.each<[string, string, string, string]>([
    ['key', 'key-unknown', '{"do": [], "ouput": 1}', '{"do": [], "output": 1}'],
    ['value', 'value-invalid', "priority: 'hihg'\ndo: []", "priority: 'high'\ndo: []"],
  ])('leaves the quotes of a %s where they are', (_, code, text, expected) => {
    expect(repaired(text, code)).toEqual([expected]);
  });
});
