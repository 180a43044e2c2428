import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../../problems/language-error';
import { Chance } from '../../values/random';
import type { Value } from '../../values/value';
import { compileExpression } from '../compile';
import { parseExpression } from '../parse';
import { FUNCTIONS } from './functions';

function evaluate(source: string, variables: Readonly<Record<string, Json>> = {}, prisme = false): Value {
  const dialect = { prisme };
  return compileExpression(
    parseExpression(source, dialect),
    dialect,
  )({
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

describe('a function', () => {
  it.each<[string, JsonMap, Json | undefined]>([
    ['unsafejson("see {\\"a\\": [1]} there")', {}, { a: [1] }],
    ['unsafejson("{broken} then [2]")', {}, [2]],
    ['unsafejson({{t}})', { t: 'say {"q": "a \\"}\\" b"}' }, { q: 'a "}" b' }],
    ['unsafejson("open [1, 2")', {}, undefined],
    ['unsafejson("nothing")', {}, undefined],
    ['json({{t}})', { t: '{"__proto__": 1, "a": 2}' }, { a: 2 }],
    ['unsafejson({{t}})', { t: `${'['.repeat(70)}${']'.repeat(70)} then {"a": 1}` }, { a: 1 }],
    ['json({{u}})', {}, undefined],
    ['json(null)', {}, 'null'],
    ['json({{l}})', { l: [1] }, '[1]'],
    [
      'deepmerge({{a}}, {{b}})',
      { a: { x: [1], y: 'a', z: { p: 1 } }, b: { x: [2], y: 'b', z: { q: 2 } } },
      { x: [1, 2], y: 'b', z: { p: 1, q: 2 } },
    ],
    ['deepmerge({{a}}, {{b}}, {concatStrings: true})', { a: { y: 'a' }, b: { y: 'b' } }, { y: 'ab' }],
    ['deepmerge({{a}}, {{b}}, {concatStrings: false})', { a: { y: 'a' }, b: { y: 'b' } }, { y: 'b' }],
    ['deepmerge({{u}}, {{b}})', { b: { y: 'b' } }, { y: 'b' }],
    ['deepmerge({{b}}, {{u}})', { b: { y: 'b' } }, { y: 'b' }],
    ['jsonmatch({{v}}, {a: 1})', { v: 'text' }, false],
    ['jsonmatch({{v}}, {"a": {"$regex": "^b"}})', { v: { a: 'bc' } }, true],
    ['jsonmatch({{v}}, {"a": {"$regex": ""}})', { v: { a: 'bc' } }, false],
    ['sort({{l}}, "a")', { l: [{ a: 2 }, { a: null }, {}, { a: 1 }] }, [{ a: 1 }, { a: 2 }, { a: null }, {}]],
    ['sort({{l}}, null, "desc")', { l: [1, 3, null, 2] }, [3, 2, 1, null]],
    ['sort({{l}})', { l: [{ b: 1 }, 'x', { a: 1 }] }, [{ b: 1 }, 'x', { a: 1 }]],
    ['unique({{l}})', { l: [1, '1', 1, { a: 1, b: 2 }, { b: 2, a: 1 }] }, [1, '1', { a: 1, b: 2 }]],
    ['unique({{l}}, "k")', { l: [{ k: [1] }, { k: [1], v: 2 }, { k: null }, {}] }, [{ k: [1] }, { k: null }, {}]],
    ['sum({{l}}, "n")', { l: [{ n: 1 }, { n: '2' }, { n: null }, {}] }, 3],
    ['map({{l}}, "a.b")', { l: [{ a: { b: 1 } }, {}] }, [1, null]],
    ['find({{l}}, {"a": 2})', { l: [{ a: 1 }, { a: 2 }] }, { a: 2 }],
    ['group({{l}}, "k")', { l: [{ k: '__proto__' }, { k: 1 }, { k: 1, x: 2 }] }, { '1': [{ k: 1 }, { k: 1, x: 2 }] }],
    ['range(3, 0, -1)', {}, [3, 2, 1]],
    ['range(3, 0)', {}, []],
    ['sanitize({{t}})', { t: 'a <b>b</b> 1 < 2 <!-- c -->d<script>x</script>e<style>y' }, 'a b 1 &lt; 2 de'],
    ['sanitize({{t}})', { t: '<!-- open' }, ''],
    ['sanitize({{t}})', { t: '<b open' }, '&lt;b open'],
    ['sanitize({{t}})', { t: '<script>x</script' }, ''],
    ['sanitize({{t}})', { t: '<!doctype html><p>x > y' }, 'x &gt; y'],
    ['extract("a1b2", "([a-z])([0-9])", 2)', {}, '1'],
    ['extract("a1b2", "c")', {}, undefined],
    ['extract("ab", "(x)?b", 1)', {}, undefined],
    ['replace("aaa", "", "-", "all")', {}, '-a-a-a-'],
    ['replace("a$b", "$b", "$&")', {}, 'a$&'],
    ['slice({{l}}, -2)', { l: [1, 2, 3] }, [2, 3]],
    ['truncate("abc", -1, "…")', {}, '…'],
    ['URL({{u}}).search', { u: 'https://user@example.com/a?b=c' }, '?b=c'],
    [
      '[URL({{u}}).href, URL({{u}}).protocol, URL({{u}}).host, URL({{u}}).hostname]',
      { u: 'http://h:8080' },
      ['http://h:8080/', 'http:', 'h:8080', 'h'],
    ],
    ['URL({{u}})', { u: 'http://h' }, 'http://h/'],
    ['URL({{u}})', {}, undefined],
    ['URL(null).host', {}, undefined],
    ['URLSearchParams({{m}})', { m: { a: [1, null, 'x y'] } }, 'a=1&a=x+y'],
    ['URLSearchParams("__proto__=1&a=2").asJSON', {}, { a: '2' }],
    ['base64("é")', {}, 'w6k='],
    ['unbase64("w6k")', {}, 'é'],
    ['min({{l}})', { l: [] }, undefined],
    ['max(1, "3", 2)', {}, 3],
    ['round(-2.5)', {}, -2],
    ['round(-0.2)', {}, 0],
    ['number({{b}})', { b: true }, 1],
    ['number("1e999")', {}, undefined],
    ['dateAdd("2026-01-31T10:00:00Z", 1, "month")', {}, '2026-02-28T10:00:00.000Z'],
    ['dateDiff("x", 0, "day")', {}, undefined],
    ['dateDiff(0, "x", "day")', {}, undefined],
    ['dateStart("x", "day")', {}, undefined],
    ['elapsed("2025-12-30", "days")', {}, 2],
  ])('%s with %j is %j', (source, variables, expected) => {
    expect(evaluate(source, variables)).toEqual(expected);
  });

  it.each<[string, JsonMap]>([
    ['json("{")', {}],
    ['json({{t}})', { t: '['.repeat(70) + ']'.repeat(70) }],
    ['jsonmatch({{v}}, "a")', { v: {} }],
    ['jsonmatch({{v}}, {"a": {"$near": 1}})', { v: {} }],
    ['sort({{l}}, "a", "up")', { l: [] }],
    ['sort(1)', {}],
    ['map({{l}}, "a..b")', { l: [1] }],
    ['map({{l}}, "a[")', { l: [1] }],
    ['sum({{l}})', { l: ['x'] }],
    ['range(0, 1000000)', {}],
    ['range(0, 1, 0)', {}],
    ['slice(1, 1)', {}],
    ['replace("a", "b", "c", "some")', {}],
    ['round(1e308, 10)', {}],
    ['min("x")', {}],
    ['rand(1)', {}],
    ['rand(2, 1)', {}],
    ['unbase64("*")', {}],
    ['upper(1)', {}],
    ['keys({{l}})', { l: [1] }],
    ['dateAdd(0, 1e300, "day")', {}],
    ['elapsed(0, "moon")', {}],
    ['URLSearchParams({{l}})', { l: [1] }],
  ])('%s with %j is of the wrong type', (source, variables) => {
    expect(codeOf(() => evaluate(source, variables))).toBe('language.expression_type');
  });

  it.each([
    ['trim()', '`trim(text)` cannot take 0 arguments.'],
    ['replace("a")', '`replace(text, find, with, which?)` cannot take 1 argument.'],
    ['trim("a", "b")', 'cannot take 2 arguments'],
  ])('%s has the wrong number of arguments', (source, message) => {
    expect(() => evaluate(source)).toThrow(
      expect.objectContaining({ code: 'language.expression_arity', message: expect.stringContaining(message) }),
    );
  });

  it('takes more arguments than it knows in Prisme.ai, but not fewer', () => {
    expect(evaluate('trim(" a ", 1)', {}, true)).toBe('a');
    expect(codeOf(() => evaluate('trim()', {}, true))).toBe('language.expression_arity');
  });

  it('that does not exist is refused when it is called', () => {
    expect(codeOf(() => evaluate('trmi("a")'))).toBe('language.expression_function');
    expect(codeOf(() => evaluate('toString("a")'))).toBe('language.expression_function');
  });

  it('formats a date in Paris in Prisme.ai unless a zone is given', () => {
    expect(evaluate('date(0, "HH:mm")', {}, true)).toBe('01:00');
    expect(evaluate('date(0, "HH:mm", "en", "UTC")', {}, true)).toBe('00:00');
  });

  it('tells what it takes and does, each by its own name', () => {
    for (const [name, { summary, least, most, ...spec }] of FUNCTIONS) {
      expect(spec.name).toBe(name);
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
      expect(least).toBeLessThanOrEqual(most);
    }
  });
});
