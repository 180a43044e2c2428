import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { Chance } from '../values/random';
import type { Value } from '../values/value';
import { compileText } from './compile-template';
import { parseExpression } from './parse';

function evaluate(text: string, variables: Readonly<Record<string, Json>> = {}, prisme = false): Value {
  return compileText(text, { prisme }).evaluate({
    variable: (name) => variables[name],
    share: () => undefined,
    spend: () => undefined,
    restart: () => undefined,
    now: Date.UTC(2026, 0, 1),
    timeZone: 'UTC',
    locale: 'en',
    chance: new Chance('seed'),
    longestText: 4 * 1024 * 1024,
  });
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof LanguageError) return error.code;
    throw error;
  }
}

describe('an expression that cannot be read', () => {
  it.each([
    ['a not b', '`b` is not expected here'],
    ['1 < 2 < 3', 'cannot be chained'],
    ['a == b == c', 'cannot be chained'],
    ['a in b exists', 'cannot be chained'],
    ['f(1', 'expected `)`, found the end'],
    ['now().', 'the end is not expected here'],
    ['now()."a"', '`"a"` is not expected here'],
    ['{1: 2}', '`1` is not expected here'],
    ['a matches regex x', 'expected `(` right after `regex`'],
    ['a matches regex (x)', 'expected `(` right after `regex`'],
    ['a matches regex((x)', 'not closed by `)`'],
    ['"open', 'this quote is not closed'],
    ['1e999', 'out of range'],
    ['a ~ b', '"~" means nothing'],
    ['a ? b', 'expected `:`'],
    ['and', '`and` is not expected here'],
  ])('%s is refused with what is wrong', (source, message) => {
    expect(() => parseExpression(source, { prisme: false })).toThrow(
      expect.objectContaining({ code: 'language.expression_syntax', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['4 KiB of source', `${'1 + '.repeat(1100)}1`],
    ['64 parentheses', `${'('.repeat(70)}1${')'.repeat(70)}`],
    ['64 negations', `${'not '.repeat(70)}true`],
    ['64 signs', `${'- '.repeat(70)}1`],
    ['64 alternatives', `${'a ?? '.repeat(70)}1`],
    ['64 choices', `${'a ? b : '.repeat(70)}c`],
  ])('more than %s is a limit', (_, source) => {
    expect(codeOf(() => parseExpression(source, { prisme: false }))).toBe('language.expression_limit');
  });

  it('keeps the limit of depth where and and or stand on one level', () => {
    expect(codeOf(() => parseExpression(`${'a or '.repeat(70)}b`, { prisme: true }))).toBe('language.expression_limit');
  });
});

describe('a reference that cannot be read', () => {
  it.each([
    ['{{}}', 'needs the name of a variable'],
    ['{{ }}', 'needs the name of a variable'],
    ['{{a b(c)}}', '"(" cannot stand in a reference'],
    ['{{a..b}}', 'nothing between two dots'],
    ['{{a.}}', 'nothing between two dots, or after the last'],
    ['{{.a}}', 'a path begins with a name'],
    ['{{[0]}}', 'a path begins with a name'],
    ['{{a[0]b}}', 'a bracket is followed by a dot, a bracket or the end'],
    ['{{a[]}}', 'nothing between these brackets'],
    ['{{a["b"x]}}', 'not closed by `]`'],
    ['{{a[b[c]]}}', '"[" cannot stand between brackets'],
    ['{{a["b}}', 'this bracket is not closed'],
    ['{{a{{b}}', 'not closed by `}}`'],
    [`${'{{'.repeat(70)}a${'}}'.repeat(70)}`, 'nested more than 64 deep'],
  ])('%s is refused with what is wrong', (text, message) => {
    expect(() => evaluate(text)).toThrow(
      expect.objectContaining({ code: 'language.reference_syntax', message: expect.stringContaining(message) }),
    );
  });

  it('is silently empty in Prisme.ai, other mistakes are not', () => {
    expect(evaluate('a{{ b() }}c', {}, true)).toBe('ac');
    expect(codeOf(() => evaluate('{% 1 + %}', {}, true))).toBe('language.expression_syntax');
  });
});

describe('a path put together while it is evaluated', () => {
  it.each<[string, JsonMap, Json | undefined]>([
    ['{{m.{{k}}}}', { m: { a: { b: 1 } }, k: 'a.b' }, 1],
    ['{{m.{{k}}}}', { m: { a: [1, 2] }, k: 'a[1]' }, 2],
    ['{{m.{{k}}}}', { m: { 'x y': 3 }, k: 'x y' }, 3],
    ['{{m{{k}}}}', { m: { 'x.y': 4 }, k: '["x.y"]' }, 4],
    ['{{m{{k}}}}', { m: { 'x.y': 5 }, k: "['x.y']" }, 5],
    ['{{m[{{k}}]}}', { m: { 'a.b': 6 }, k: 'a.b' }, 6],
    ['{{m[{{k}}]}}', { m: [7, 8], k: -1 }, 8],
    ['{{m[x-{{k}} ]}}', { m: { 'x-9': 9 }, k: 9 }, 9],
    ['{{m["x {{k}}"]}}', { m: { 'x {}': 10 }, k: '{}' }, 10],
    ['{{m["x {{k}}"].y}}', { m: { 'x ': { y: 11 } } }, 11],
    ['{{m[""]}}', { m: { '': 12 } }, 12],
    ['{{ m [ "a" ] . b }}', { m: { a: { b: 13 } } }, 13],
    ['{{{{k}}}}', { k: 'l[0]', l: [14] }, 14],
    ['{{m.{{k}}}}', { m: { a: 1 } }, undefined],
    ['{{m.{{k}}}}', { m: { a: 1 }, k: null }, undefined],
    ['{{m.{{k}}}}', { m: { a: 1 }, k: '{{a}}' }, undefined],
    ['{{m[{{k}}]}}', { m: { a: 1 } }, undefined],
    ['{{m.{{k}}}}', { m: { a: [1] }, k: 'a[]' }, undefined],
    ['{{m.a.b.c}}', { m: { a: null } }, undefined],
    ['{{m.a.b.c}}', { m: { a: true } }, undefined],
    ['{{m.toString}}', { m: {} }, undefined],
    ['{{t.length}}', { t: 'abc' }, 3],
    ['{{m.length}}', { m: { a: 1 } }, undefined],
    ['{{t[-1]}}', { t: 'abc' }, 'c'],
  ])('%s of %j is %j', (text, variables, expected) => {
    expect(evaluate(text, variables)).toEqual(expected);
  });

  it.each<[string, JsonMap]>([
    ['{{m.{{k}}}}', { k: 'x..y' }],
    ['{{m.{{k}}}}', { k: 'x[' }],
    ['{{m.{{k}}}}', { k: 'x(y)' }],
    ['{{m[0].{{k}}}}', { k: 'x]' }],
    ['{{m.{{k}}}}', { k: ['x'] }],
    ['{{m[{{k}}]}}', { k: {} }],
    ['{{{{k}}}}', { k: '[0]' }],
    ['{{{{k}}[0]}}', { k: '[' }],
  ])('%s of %j is no path', (text, variables) => {
    expect(codeOf(() => evaluate(text, variables))).toBe('language.path_invalid');
  });
});

describe('a template', () => {
  it('of no text is no text', () => {
    expect(evaluate('')).toBe('');
  });

  it('joins parts as text: nothing for null and missing, JSON for lists and maps', () => {
    expect(evaluate('{{n}}|{{u}}|{{b}}|{{m}}', { n: null, b: false, m: { a: [1] } })).toBe('||false|{\n  "a": [\n    1\n  ]\n}');
  });

  it('does not read results again', () => {
    expect(evaluate('x {{t}}', { t: '{{n}}', n: 1 })).toBe('x {{n}}');
  });

  it('keeps an opening that nothing closes as text', () => {
    expect(evaluate('{{n}} {{ open', { n: 1 })).toBe('1 {{ open');
    expect(evaluate('{% 1 } open')).toBe('{% 1 } open');
  });

  it('reads three braces as a brace and a reference', () => {
    expect(evaluate('{{{n}}}', { n: 1 })).toBe('{1}');
  });

  it('grows to 4 MiB and no further', () => {
    const piece = 'x'.repeat(1_000_000);
    expect(evaluate('{{p}}{{p}}{{p}}{{p}}', { p: piece })).toHaveLength(4_000_000);
    expect(codeOf(() => evaluate('{{p}}{{p}}{{p}}{{p}}{{p}}', { p: piece }))).toBe('language.expression_budget');
  });
});

describe('an operator', () => {
  it.each<[string, JsonMap, Json | undefined]>([
    ['{% ({{m}})[k] %}', { m: { k: 1 } }, 1],
    ['{% ({{m}})[{{k}}] %}', { m: { k: 1 } }, undefined],
    ['{% ({{m}})[null] %}', { m: { null: 1 } }, undefined],
    ['{% ({{m}})[[1]] %}', { m: { '1': 1 } }, undefined],
    ['{% ({{l}})[1] %}', { l: [1, 2] }, 2],
    ['{% [1, null, {{u}}] %}', {}, [1, null, null]],
    ['{% {a: 1, "b c": {{u}}, true: 3} %}', {}, { a: 1, true: 3 }],
    ['{% {%1 + 1%} * 2 %}', {}, 4],
    ['{% "\\q\\n\\u0041" %}', {}, '\\q\nA'],
    ['{% - {{t}} %}', { t: ' 4 ' }, -4],
  ])('%s with %j is %j', (text, variables, expected) => {
    expect(evaluate(text, variables)).toEqual(expected);
  });

  it.each(['<', '<=', '>', '>='])('%s holds for nothing that has no order', (op) => {
    const others: readonly Json[] = [null, '', ' ', 'x', [], {}];
    const held = others.filter((other) => evaluate(`{% {{a}} ${op} 5 %}`, { a: other }) === true);
    expect(held).toEqual([]);
  });

  it.each<[string, JsonMap, string]>([
    ['{% {{a}} - 1 %}', { a: 'x' }, 'found text "x"'],
    ['{% 1 * {{a}} %}', { a: { b: 'long '.repeat(20) } }, 'found a map'],
    ['{% -{{a}} %}', { a: [1] }, 'found list [1]'],
    ['{% 1 / 0 %}', {}, '`1 / 0` is no finite number'],
    ['{% 1 % {{a}} %}', {}, 'found missing'],
  ])('%s says what it found', (text, variables, message) => {
    expect(() => evaluate(text, variables)).toThrow(
      expect.objectContaining({ code: 'language.expression_type', message: expect.stringContaining(message) }),
    );
  });

  it('gives missing instead of an error in Prisme.ai', () => {
    expect(evaluate('{% {{a}} - 1 ?? "none" %}', { a: 'x' }, true)).toBe('none');
    expect(evaluate('{% -{{a}} ?? "none" %}', { a: 'x' }, true)).toBe('none');
  });

  it('never makes a map with the key __proto__', () => {
    expect(codeOf(() => evaluate('{% {"__proto__": 1} %}'))).toBe('language.path_forbidden');
  });
});

describe('matches', () => {
  it.each<[string, JsonMap, boolean]>([
    ['{{t}} matches regex({{p}})', { t: 'a' }, false],
    ['{{t}} matches regex( )', { t: 'a' }, false],
    ['{{t}} matches regex(/^A.c$/is)', { t: 'a\nc' }, true],
    ['{{t}} matches regex(/^b$/m)', { t: 'a\nb' }, true],
    ['{{t}} matches regex(/a/gu)', { t: 'a' }, true],
    ['{{t}} matches regex("a\\"b")', { t: 'xa"bx' }, true],
    ['{{t}} matches regex([)(]+x)', { t: '()x' }, true],
    ['{{t}} matches regex(\\(x)', { t: '(x' }, true],
    ['{{t}} matches regex(^a{{p}}$)', { t: 'abc', p: 'bc' }, true],
    ['{{t}} matches regex([{{p}}]+$)', { t: 'bcb', p: 'bc' }, true],
    ['{{l}} matches "b"', { l: ['a', 'b'] }, true],
    ['{{m}} matches "b"', { m: { b: 1 } }, false],
    ['{{u}} matches "u"', {}, false],
    ['12 matches "^1"', {}, true],
    ['{{t}} matches {{l}}', { t: 'b', l: ['x', ['b'], null] }, true],
    ['{{t}} not matches {{p}}', { t: 'b', p: '' }, true],
  ])('%s with %j is %s', (source, variables, expected) => {
    expect(evaluate(`{% ${source} %}`, variables)).toBe(expected);
  });

  it.each([
    ['look-around', 'regex((?=a)b)'],
    ['an unknown flag', 'regex(/a/k)'],
    ['a pattern of more than 1 KiB', `"${'a'.repeat(1025)}"`],
    ['a class that is not closed', 'regex([a)'],
  ])('refuses %s', (_, pattern) => {
    expect(codeOf(() => evaluate(`{% {{t}} matches ${pattern} %}`, { t: 'a' }))).toBe('language.regex');
  });

  it('goes on after more patterns than it keeps', () => {
    const patterns = Array.from({ length: 600 }, (_, index) => `^p${index}$`);
    expect(evaluate('{% {{t}} matches {{l}} %}', { t: 'p599', l: patterns })).toBe(true);
    expect(evaluate('{% {{t}} matches {{l}} %}', { t: 'p0', l: patterns })).toBe(true);
  });
});
