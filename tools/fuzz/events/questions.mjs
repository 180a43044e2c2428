import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anything } from '../language/sources.mjs';
import { oddText } from './json.mjs';

/** How questions are answered, whatever was asked. */
export const ANSWERED = [200, 400, 414, 422, 503];
const FIELDS = [
  ...[
    'type',
    'time',
    'subject',
    'actor.id',
    'actor.kind',
    'source.service',
    'source.ip',
    'target.user',
    'correlationId',
    'id',
    'keep',
    'actor',
  ],
  ...[
    'payload.a',
    'payload.a.b',
    'payload["a b"]',
    'payload.__proto__.x',
    'payload.constructor',
    'payload.toString',
    'payload',
    'payload.a[0]',
  ],
];
const LITERALS = [
  ...[
    '"x"',
    "'x'",
    '"orders.*.paid"',
    '"*"',
    '">"',
    '1',
    '-1',
    '1e999',
    '0.1',
    'true',
    'null',
    '""',
    '["a", 1, null]',
    '[]',
    '{}',
    '"\\u0000"',
  ],
  ...['"2026-11-22T10:00:00Z"', '"never"', '99999999999999999999', '"%_"', '"\'; --"', `"${'x'.repeat(300)}"`],
];
const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'in', 'starts with', 'ends with', 'contains', 'matches', 'like', '=='];
const WORDS = [
  'type:a.*',
  'payload.a:1',
  '-b',
  '"a phrase"',
  'pref*',
  '*',
  '"',
  '-',
  ':',
  'type:',
  '()',
  'NEAR(a b)',
  'a AND b',
  'x'.repeat(200),
  '💥',
  '\u0000',
];

const term = fc.oneof(
  fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...OPERATORS), fc.constantFrom(...LITERALS)).map((words) => words.join(' ')),
  fc.constantFrom(...FIELDS).map((field) => `${field} exists`),
);
/** @type {fc.LetrecTypedBuilder<{ any: string }>} */
const builder = (tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    term,
    fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('any').map((of) => `not (${of})`),
  ),
});
const { any } = fc.letrec(builder);
const large = fc.constantFrom(
  Array.from({ length: 65 }, (_, at) => `type = "t${at}"`).join(' or '),
  `${'('.repeat(1_000)}type = "a"${')'.repeat(1_000)}`,
  `${'not '.repeat(900)}type = "a"`,
  `type in [${'"a",'.repeat(900)}"a"]`,
);
/** What asks for events: as it should be written, and as nobody would. */
export const where = fc.oneof({ weight: 8, arbitrary: any }, { weight: 6, arbitrary: anything }, large);

const words = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 5 }).map((each) => each.join(' ')),
  anything,
);
const moment = fc.constantFrom('2026-11-22T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '99999-01-01T00:00:00Z', 'x', '');
const type = fc.oneof(
  fc.constantFrom('>', '*', 'a.>', 'orders.*', '>.a', 'a.*.b', '..', '__proto__', 'x'.repeat(121)),
  oddText.map((text) => String(JSON.parse(text))),
);
const some = (/** @type {fc.Arbitrary<unknown>} */ value) => fc.option(value, { nil: undefined, freq: 2 });

const question = fc.record({
  where: some(where),
  text: some(words),
  q: some(words),
  types: some(fc.array(type, { maxLength: 3 })),
  from: some(moment),
  to: some(moment),
  limit: some(fc.constantFrom(0, 1, 200, 201, -1, 1e9, 'x')),
  sort: some(fc.constantFrom('newest', 'oldest', 'best', '')),
  count: some(fc.boolean()),
});
const counting = fc.record({
  where: some(where),
  types: some(fc.array(type, { maxLength: 3 })),
  from: some(moment),
  to: some(moment),
  group: some(
    fc.array(
      fc.record({
        by: some(fc.constantFrom(...FIELDS)),
        every: some(fc.constantFrom('PT1H', 'P1D', 'PT0S', 'PT0.001S', 'x')),
        limit: some(fc.constantFrom(0, 10, 1e9)),
        zone: some(fc.constantFrom('UTC', 'Europe/Paris', 'Nowhere/None')),
      }),
      { maxLength: 4 },
    ),
  ),
  measure: some(
    fc.array(
      fc.record({ op: fc.constantFrom('count', 'sum', 'avg', 'percentiles', 'distinct', 'x'), of: some(fc.constantFrom(...FIELDS)) }),
      { maxLength: 3 },
    ),
  ),
});

/**
 * Anything asked of the events: it is answered or refused, in every way that there is to ask.
 * @param {import('./ground.mjs').Ground} ground
 */
export function filters(ground) {
  const way = fc.constantFrom('search', 'list', 'poll', 'stream', 'export');
  return fc.asyncProperty(way, question, counting, async (by, asked, counted) => {
    const { status, text } = await ask(ground, by, asked);
    assert.ok(ANSWERED.includes(status), `${by}: ${status} ${text}`);
    const count = await ground.ask('/events:aggregate', { method: 'POST', body: JSON.stringify(counted) });
    assert.ok(ANSWERED.includes(count.status), `aggregate: ${count.status} ${count.text}`);
  });
}

/**
 * @param {import('./ground.mjs').Ground} ground
 * @param {string} by
 * @param {Readonly<Record<string, unknown>>} asked
 */
function ask(ground, by, asked) {
  if (by === 'search') return ground.ask('/events:search', { method: 'POST', body: JSON.stringify(asked) });
  const query = new URLSearchParams(by === 'poll' ? { wait: '0' } : {});
  for (const [name, value] of Object.entries(asked)) {
    if (['sort', 'count', 'q'].includes(name) && by !== 'list') continue;
    for (const each of Array.isArray(value) ? value : value === undefined ? [] : [value]) query.append(name, String(each));
  }
  return ground.ask(`/events${by === 'list' ? '' : `:${by}`}?${query.toString()}`);
}
