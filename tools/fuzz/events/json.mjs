import fc from 'fast-check';

const KEYS = [
  ...[
    'a',
    'b',
    'id',
    'type',
    'payload',
    'data',
    '',
    ' ',
    '.',
    'a.b',
    'a/b',
    '$ref',
    '0',
    'length',
    'toJSON',
    'then',
    '💥',
    'k'.repeat(300),
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'],
];
const SCALARS = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '0.1', '1e999', '-1e-999', '9007199254740993', '9'.repeat(400)],
  ...['""', '"x"', '"\\u0000"', '"\\ud800"', '"\\u202e"', '"💥"', '"__proto__"', '"constructor"', `"${'x'.repeat(5_000)}"`],
];
const TOKENS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    'null',
    '1e',
    '-',
    '//',
    '\u0000',
    '\ufeff',
    '\ud800',
    '\u2028',
    '\r\n',
    'NaN',
    'undefined',
  ],
  ...['"__proto__":{"polluted":true},', '"constructor":{"prototype":{"polluted":true}},', '"toJSON":1,'],
];

const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SCALARS) },
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);

/** @param {readonly (readonly [string, string])[]} entries */
const objectOf = (entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;

/** @type {fc.LetrecTypedBuilder<{ any: string, object: string }>} */
const builder = (tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    tie('object'),
  ),
  object: fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('any')), { maxLength: 5 }).map(objectOf),
});

const { any, object } = fc.letrec(builder);

const deep = fc
  .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"__proto__":', '}]']), fc.constantFrom(10, 63, 64, 65, 1_000, 20_000))
  .map(([[open = '', close = ''], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`);
const wide = fc.constantFrom(
  `{${Array.from({ length: 10_001 }, (_, at) => `"k${at}":1`).join(',')}}`,
  `{"a":"${'x'.repeat(270_000)}"}`,
  `{"a":[${'1,'.repeat(20_000)}1]}`,
);

/** JSON as text, so that keys may stand twice and numbers be what no program writes: of any kind, and an object. */
export const anyJson = fc.oneof({ weight: 12, arbitrary: any }, deep);
export const objectJson = fc.oneof({ weight: 24, arbitrary: object }, { weight: 3, arbitrary: deep }, wide);

/**
 * An object as text with some of these members, each as it should be or as anything, and perhaps with members that nobody knows.
 * @param {Readonly<Record<string, fc.Arbitrary<string>>>} members text of JSON by name
 * @returns {fc.Arbitrary<string>}
 */
export function objectWith(members) {
  const member = (/** @type {[string, fc.Arbitrary<string>]} */ [name, value]) =>
    fc.option(
      fc.oneof({ weight: 9, arbitrary: value }, any).map((text) => /** @type {const} */ ([name, text])),
      { nil: undefined, freq: 3 },
    );
  const strange = fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, fc.tuple(fc.constantFrom(...KEYS), any));
  return fc
    .tuple(...Object.entries(members).map(member), strange)
    .map((entries) => objectOf(entries.flatMap((entry) => (entry === undefined ? [] : [entry]))));
}

/**
 * As it is, and sometimes with bytes changed.
 * @param {fc.Arbitrary<string>} texts
 */
export function damaged(texts) {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...TOKENS, ''), fc.string({ unit: 'binary', maxLength: 6 })),
  });
  const edits = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(edit, { minLength: 1, maxLength: 3 }));
  return fc.tuple(texts, edits).map(([text, changes]) =>
    changes.reduce((now, { at, cut, put }) => {
      const from = Math.floor(at * now.length);
      return now.slice(0, from) + put + now.slice(from + cut);
    }, text),
  );
}

/** A text of any characters, as JSON. */
export const oddText = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('', ' ', '*', '>', '../x', '%00', '\u0000'))
  .map((text) => JSON.stringify(text));
