import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { ToStringOptions } from 'yaml';
import type { Json } from '@millrace/kernel';
import { offsetIn } from './text/locate';
import { parseYaml } from './parse-yaml';
import { entryOf, valueOf } from './tree';
import type { Tree } from './tree';

const valueFrom = (text: string): Json | undefined => {
  const { tree } = parseYaml(text, 'a.yaml');
  return tree === undefined ? undefined : valueOf(tree);
};

describe('a file', () => {
  it.each<[string, string, Json]>([
    ['words of YAML 1.1 as text', 'a: yes\nb: on\nc: 2026-01-02\nd: 0o14', { a: 'yes', b: 'on', c: '2026-01-02', d: 12 }],
    ['JSON', '{"a": [1, true, null, "x"]}', { a: [1, true, null, 'x'] }],
    ['keys as they are written', '1: a\ntrue: b\n1.0: c\nnull: d', { '1': 'a', true: 'b', '1.0': 'c', null: 'd' }],
    ['a key without a value as null', 'a:\nb: 1', { a: null, b: 1 }],
    ['aliases as what they stand for', 'a: &x { b: 1 }\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['a quoted merge key as a key', "'<<': 1", { '<<': 1 }],
  ])('reads %s', (_, text, expected) => {
    expect(valueFrom(text)).toEqual(expected);
  });

  it.each<[string, string, object]>([
    ['no text at all', '', { code: 'yaml-syntax', message: 'The file is empty.' }],
    ['nothing but a remark', '# nothing', { code: 'yaml-syntax', message: 'The file is empty.' }],
    ['a text that is no YAML', 'a: [1', { code: 'yaml-syntax' }],
    ['a key twice', 'a: 1\na: 2', { code: 'yaml-duplicate-key', line: 2, column: 1 }],
    ['a tag', 'a: !!str 1', { code: 'yaml-syntax', line: 1 }],
    ['a tag of a map', 'a: !!map {}', { code: 'yaml-syntax', message: 'Tags are not allowed; write the value itself.' }],
    ['a merge key', 'a: &x {}\nb:\n  <<: *x', { code: 'yaml-syntax', line: 3, column: 3 }],
    ['the key __proto__', 'a:\n  __proto__: 1', { code: 'yaml-syntax', line: 2, message: 'No key may be named __proto__.' }],
    ['a map as a key', '{a: 1}: 2', { code: 'yaml-syntax', message: 'A key must be a text.' }],
    ['a second document', 'a: 1\n---\nb: 2', { code: 'yaml-syntax', line: 2 }],
    ['YAML 1.1', '%YAML 1.1\n---\na: 1', { code: 'yaml-syntax', message: 'Automations are YAML 1.2; take away the directive.' }],
    ['an unknown anchor', 'a: *x', { code: 'yaml-syntax' }],
    ['a number that is not finite', 'a: .inf', { code: 'value-invalid', path: '/a' }],
    ['no number', 'a: .nan', { code: 'value-invalid', path: '/a' }],
    ['more than 256 KiB', 'a'.repeat(256 * 1024 + 1), { code: 'yaml-limit', line: 1 }],
    ['more than 20 000 values', `[${'1,'.repeat(20_001)}]`, { code: 'yaml-limit' }],
    ['more than 20 000 texts in quotes', `[${'"",'.repeat(20_001)}]`, { code: 'yaml-limit' }],
    ['far more lines than values', '\n'.repeat(120_001), { code: 'yaml-limit', line: 120_001 }],
    ['more than 32 levels', '['.repeat(34) + ']'.repeat(34), { code: 'yaml-limit' }],
    ['levels beyond what can be read', '['.repeat(100_000), { code: 'yaml-limit' }],
    ['more than 50 expansions', `a: &x 1\nb: [${'*x,'.repeat(51)}]`, { code: 'yaml-limit' }],
    ['an anchor inside of itself', 'a: &x [*x]', { code: 'yaml-limit' }],
  ])('refuses %s', (_, text, problem) => {
    const { problems } = parseYaml(text, 'a.yaml');
    expect(problems).toContainEqual(expect.objectContaining({ file: 'a.yaml', severity: 'error', ...problem }));
  });

  it('has no value when it goes beyond a limit', () => {
    expect(valueFrom(`a: &x 1\nb: [${'*x,'.repeat(51)}]`)).toBeUndefined();
  });

  it('says of many mistakes the first hundred, and a limit in any case', () => {
    const twice = 'a: 1\n'.repeat(200);
    expect(parseYaml(twice, 'a.yaml').problems).toHaveLength(100);
    const { problems } = parseYaml(`${twice}b: ${'['.repeat(40)}${']'.repeat(40)}\n`, 'a.yaml');
    expect(problems.map(({ code }) => code)).toContain('yaml-limit');
  });

  it('has no value when more is wrong with it than is said', () => {
    const { tree, problems } = parseYaml(`[${','.repeat(1_000)}]`, 'a.yaml');
    expect([tree, problems.length]).toEqual([undefined, 100]);
  });

  it('says no more than once that a limit is passed', () => {
    const { problems } = parseYaml(`[${'1,'.repeat(20_010)}]`, 'a.yaml');
    expect(problems.map(({ code }) => code)).toEqual(['yaml-limit']);
  });

  it('may be larger when the reader allows it', () => {
    const { tree, problems } = parseYaml(`[${'1,'.repeat(200_000)}]`, 'a.yaml', 1024 * 1024);
    expect([tree?.kind, problems]).toEqual(['list', []]);
  });

  it('gives its values a JSON Pointer', () => {
    const { tree } = parseYaml('a/b:\n  - c~d: 1', 'a.yaml');
    const list = entryOf(tree, 'a/b')?.value;
    expect(list?.kind === 'list' ? entryOf(list.items[0], 'c~d')?.value.pointer : undefined).toBe('/a~1b/0/c~0d');
  });

  it('of any text is read or refused, never more', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&x ',
      '*x',
      '!!t ',
      '|',
      '>',
      '#',
      '? ',
      '\\',
      '{{b}}',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const { tree, problems } = parseYaml(text, 'a.yaml');
          expect(tree !== undefined || problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the place of a character', () => {
  const scalarOf = (text: string, key = 'a') => {
    const { tree } = parseYaml(text, 'a.yaml');
    const value: Tree | undefined = entryOf(tree, key)?.value;
    if (value?.kind !== 'scalar') throw new Error(`no scalar in ${text}`);
    return value;
  };

  /** The characters of the source at the places of the value's characters; blanks that fold lines aside. */
  const pointed = (text: string): string => {
    const scalar = scalarOf(text);
    const value = String(scalar.value);
    return Array.from({ length: value.length }, (_, index) => text.charAt(offsetIn(scalar, index))).join('');
  };

  it.each([
    ['a plain text', 'a: one two', 'one two'],
    ['a plain text of several lines', 'a: one\n  two\n  three', 'one two three'],
    ['a text in single quotes', "a: 'it''s one'", "it's one"],
    ['single quotes of several lines', "a: 'one\n  two'", 'one two'],
    ['a text in double quotes', 'a: "one two"', 'one two'],
    ['double quotes of several lines', 'a: "one\n   two"', 'one two'],
    ['a literal block', 'a: |\n  one\n   two\n\n  three\n', 'one\n two\n\nthree\n'],
    ['a folded block', 'a: >\n  one\n  two\n\n  three\n', 'one two\nthree\n'],
    ['a block with an indicator', 'a: |2-\n    one\n  two', '  one\ntwo'],
  ])('in %s is that of the character in the file', (_, text, value) => {
    expect(scalarOf(text).value).toBe(value);
    expect(pointed(text).replaceAll(/\s+/g, ' ').trim()).toBe(value.replaceAll(/\s+/g, ' ').trim());
  });

  it.each([
    ['a: "x\\ny{{b}}"', '{{b}}'],
    ['a: "x\\u0041y{{b}}"', '{{b}}'],
    ['a: "\\x41\\U00000042{{b}}"', '{{b}}'],
    ['a: "x\\\n   y {{b}}"', '{{b}}'],
    ['a: "x  \n\n   y{{b}}"', '{{b}}'],
    ['a: "\\"{{b}}\\""', '{{b}}'],
    ['a: "x\n\n\n\n   y{{b}}"', '{{b}}'],
    ['a: "x\r\n\r\n  y{{b}}"', '{{b}}'],
    ['a: "x\\\r\n   y {{b}}"', '{{b}}'],
    ['a: "\\U0001F600{{b}}"', '{{b}}'],
    ['a: "😀  \t{{b}}"', '{{b}}'],
    ['a: "x\\n\n y {{b}}"', '{{b}}'],
  ])('behind the escapes of %j is right', (text, wanted) => {
    const scalar = scalarOf(text);
    expect(offsetIn(scalar, String(scalar.value).indexOf(wanted))).toBe(text.indexOf(wanted));
  });

  it('of a value that is no text is where it begins', () => {
    expect(offsetIn(scalarOf('a: 12'), 1)).toBe(3);
  });

  it('behind the last character is no farther than the end', () => {
    expect(offsetIn(scalarOf('a: ab'), 99)).toBe(5);
    expect(offsetIn(scalarOf('a: "ab"'), 99)).toBe(6);
  });

  it('of a word in any text written by any style is that of the word', () => {
    const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    const word = fc.constantFrom('alpha', 'be ta', "it's", '"q"', 'x: y', '# z', 'é', '\\n', '\n', '\n\n', ' ', '   ');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.array(word, { maxLength: 8 }), style, (before, behind, defaultStringType) => {
        const value = `${before.join(' ')} {{MARK}} ${behind.join(' ')}`;
        const text = stringify({ a: value }, { defaultStringType, lineWidth: 30 } satisfies ToStringOptions);
        const scalar = scalarOf(text);
        // The printer may break a long line within the word.
        fc.pre(text.includes('MARK'));
        expect(text.slice(offsetIn(scalar, String(scalar.value).indexOf('MARK')))).toMatch(/^MARK/);
      }),
      { numRuns: 300 },
    );
  });
});
