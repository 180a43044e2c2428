import fc from 'fast-check';

/**
 * An expression and what it must be read as: its kind and those of its pieces.
 * @typedef {{ source: string, shape: Shape }} Written
 * @typedef {[kind: string, ...Shape[]]} Shape
 */

const NAMES = ['n', 't', 'l', 'm', 'many', 'long', 'u', 'constructor', '__proto__', 'canary', 'toString', 'prototype', 'hasOwnProperty'];
const FUNCTIONS =
  'date URLSearchParams isArray isObject isString isNumber isBoolean rand round floor ceil abs split join replace slice json jsonmatch min max number string lower upper trim truncate sanitize base64 unbase64 uuid now elapsed unsafejson deepmerge URL dateAdd dateDiff dateStart keys values entries map filter find sort unique sum group flat reverse range extract'.split(
    ' ',
  );
const BINARY = ['==', '!=', '===', '!==', '<', '<=', '>', '>=', '+', '-', '*', '/', '%'];
const LITERALS = [
  '1',
  '2.5',
  '1e9',
  '0',
  '"a"',
  "'a.b'",
  '"2026-01-02"',
  '"day"',
  '"desc"',
  '"(a+)+$"',
  '"^.*x"',
  'true',
  'null',
  'undefined',
];
const KEYS = ['.a', '[0]', '[-1]', '["x y"]', '.length', '.canary', '.constructor', '.__proto__', '[{{t}}]', '.a.b.c', '[{{n}}]'];

/** @type {fc.Arbitrary<Written>} */
const literal = fc.constantFrom(...LITERALS).map((source) => ({ source, shape: ['literal'] }));
/** @type {fc.Arbitrary<Written>} */
const reference = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(fc.constantFrom(...KEYS), { maxLength: 3 }))
  .map(([name, keys]) => ({ source: `{{${name}${keys.join('')}}}`, shape: ['reference'] }));

const blank = fc.constantFrom('', ' ', '  ', '\n');

/** @type {fc.LetrecTypedBuilder<{ any: Written }>} */
const builder = (tie) => ({
  any: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(literal, reference),
    fc
      .tuple(tie('any'), fc.constantFrom(...BINARY), tie('any'), blank)
      .map(([a, op, b, gap]) => grouped('binary', [a, b], `${gap} ${op} `)),
    fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([a, op, b]) => grouped(op, [a, b], ` ${op} `)),
    fc.tuple(tie('any'), tie('any')).map((parts) => grouped('coalesce', parts, ' ?? ')),
    fc
      .tuple(tie('any'), fc.constantFrom('in', 'matches'), tie('any'), fc.boolean())
      .map(([a, op, b, no]) => grouped(op, [a, b], no ? ` not ${op} ` : ` ${op} `)),
    fc
      .tuple(tie('any'), fc.constantFrom(['not', 'not '], ['not', '!'], ['minus', '-']))
      .map(([of, [kind = '', sign = '']]) => ({ source: `(${sign}(${of.source}))`, shape: /** @type {Shape} */ ([kind, of.shape]) })),
    tie('any').map((of) => ({ source: `((${of.source}) exists)`, shape: /** @type {Shape} */ (['exists', of.shape]) })),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([test, yes, no]) => ({
      source: `(${test.source} ? ${yes.source} : ${no.source})`,
      shape: /** @type {Shape} */ (['choose', test.shape, yes.shape, no.shape]),
    })),
    fc
      .tuple(fc.constantFrom(...FUNCTIONS), fc.array(tie('any'), { maxLength: 4 }))
      .map(([name, args]) => listed('call', `${name}(`, args, ')')),
    fc.array(tie('any'), { maxLength: 4 }).map((items) => listed('list', '[', items, ']')),
    fc.array(tie('any'), { maxLength: 3 }).map((entries) => ({
      source: `{${entries.map(({ source }, index) => `k${index}: ${source}`).join(', ')}}`,
      shape: /** @type {Shape} */ (['map', ...entries.map(({ shape }) => shape)]),
    })),
    tie('any').map((of) => ({ source: `(${of.source}).a`, shape: /** @type {Shape} */ (['field', of.shape]) })),
    fc
      .tuple(tie('any'), tie('any'))
      .map(([of, key]) => ({ source: `(${of.source})[${key.source}]`, shape: /** @type {Shape} */ (['index', of.shape, key.shape]) })),
  ),
});

/** Expressions of every kind, always between parentheses where it matters how they are grouped. */
export const { any: written } = fc.letrec(builder);

/** Any characters, and what means something to the language more often. */
export const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '{{',
        '}}',
        '{%',
        '%}',
        '[',
        ']',
        '(',
        ')',
        '.',
        '"',
        "'",
        '\\',
        ' ',
        'a',
        '1',
        '??',
        'regex(',
        '+',
        ',',
        ':',
        '\n',
        'not',
        'in',
        '\\u12',
        '\ud800',
      ),
      { maxLength: 40 },
    )
    .map((pieces) => pieces.join('')),
);

/**
 * @param {string} kind
 * @param {readonly Written[]} parts
 * @param {string} between
 * @returns {Written}
 */
function grouped(kind, parts, between) {
  return { source: `(${parts.map(({ source }) => `(${source})`).join(between)})`, shape: [kind, ...parts.map(({ shape }) => shape)] };
}

/**
 * @param {string} kind
 * @param {string} open
 * @param {readonly Written[]} parts
 * @param {string} close
 * @returns {Written}
 */
function listed(kind, open, parts, close) {
  return { source: `${open}${parts.map(({ source }) => source).join(', ')}${close}`, shape: [kind, ...parts.map(({ shape }) => shape)] };
}
