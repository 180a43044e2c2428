import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonMap } from '@millrace/kernel';
import { compileFilter, matchesPattern, type Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import type { History, HistoryMark, HistoryQuery } from '../history';
import type { HistoryBench } from './bench';
import { logged, WORKSPACE } from './events';

const EVENTS = 600;
const QUERIES = 400;

const texts = fc.constantFrom('', 'a', 'b', 'ab', 'Ab', 'b a', '1', 'é', 'ça va', 'orders.paid', 'u_1', '_', 'x-y');
const scalar = fc.oneof(texts, fc.constantFrom(0, -0, 1, -1, 1.5, 1e21, 100), fc.boolean(), fc.constant(null));
const keys = fc.constantFrom('a', 'b', 'c', '0', 'a.b', '__proto__', 'constructor');
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('json'), { maxLength: 3 }) },
    { weight: 2, arbitrary: objectOf(tie('json')) },
  ),
}));

function objectOf(values: fc.Arbitrary<Json>): fc.Arbitrary<JsonMap> {
  return fc.array(fc.tuple(keys, values), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
}

const types = fc.constantFrom('orders.paid', 'orders.web.paid', 'orders', 'offers.sent', 'a', 'b');
const patterns = fc.oneof(types, fc.constantFrom('>', 'orders.>', 'orders.*', '*.paid', '*', 'none'));
const times = fc.integer({ min: 1_000_000, max: 1_000_040 });

const event: fc.Arbitrary<Partial<LoggedEvent> & { readonly json: JsonMap }> = fc.record(
  {
    json: objectOf(json),
    type: types,
    time: times,
    recordedAt: fc.integer({ min: 1_000_000, max: 1_000_010 }),
    subject: texts,
    actor: fc.record(
      { kind: fc.constantFrom('user' as const, 'key' as const), id: texts, onBehalfOf: texts },
      { requiredKeys: ['kind', 'id'] },
    ),
    target: fc.record({ user: texts, topic: texts }, { requiredKeys: [] }),
  },
  { requiredKeys: ['json', 'type', 'time', 'recordedAt', 'actor'] },
);

const path = fc.array(fc.constantFrom('a', 'b', 'c', '0', '__proto__', 'constructor'), { minLength: 1, maxLength: 3 });
const field = fc.oneof(
  { weight: 5, arbitrary: path.map((segments) => `payload.${segments.join('.')}`) },
  fc.constantFrom('type', 'time', 'subject', 'correlationId', 'actor.kind', 'actor.id', 'target.user', 'source.service', 'source.none'),
);
const values = (of: string): fc.Arbitrary<string | number | boolean | null> => (of === 'time' ? times : scalar);
const comparison = fc.constantFrom('=', '=', '=', '!=', '<', '<=', '>', '>=', 'starts with', 'ends with', 'contains' as const);

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: field.chain((of) => fc.record({ op: comparison, field: fc.constant(of), value: values(of) })) },
    {
      weight: 2,
      arbitrary: field.chain((of) =>
        fc.record({ op: fc.constant('in' as const), field: fc.constant(of), values: fc.array(values(of), { minLength: 1, maxLength: 3 }) }),
      ),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('exists' as const), field }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('matches' as const), field: fc.constant('type' as const), pattern: patterns }) },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), filter: tie('filter') }) },
  ),
}));

type Asked = Omit<HistoryQuery, 'workspaceId' | 'after'>;

const query: fc.Arbitrary<Asked> = fc.record(
  {
    where: filter,
    types: fc.array(patterns, { minLength: 1, maxLength: 2 }),
    text: fc
      .array(fc.constantFrom('a', 'b', '1', 'ab', 'ca', 'e', 'orders', 'or*', 'a*', '"b a"', '"ca va"', '100'), { maxLength: 2 })
      .map((words) => words.join(' ')),
    from: times,
    to: times,
    sort: fc.constantFrom('newest' as const, 'oldest' as const),
    limit: fc.constantFrom(7, 50, 200),
  },
  { requiredKeys: ['sort', 'limit'] },
);

/** The store finds what the predicates find, in the same order. */
export function equivalenceRules(bench: HistoryBench): void {
  it('finds for every query exactly the events that fit, in the order of history', async () => {
    const drawn = fc.sample(event, { numRuns: EVENTS, seed: 11 });
    const events = drawn.map(({ json: payload, ...given }, offset) => logged(offset, payload, given));
    const shuffled = events.toSorted((a, b) => Number((a.position.offset * 7919n) % 601n) - Number((b.position.offset * 7919n) % 601n));
    for (let i = 0; i < EVENTS; i += 90) await bench.history().append(shuffled.slice(i, i + 90));
    const sorted = events.toSorted((a, b) => a.recordedAt - b.recordedAt || Number(a.position.offset - b.position.offset));
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const expected = sorted.filter((each) => fits(each, asked)).map(({ id }) => id);
        expect(await all(bench.history(), asked)).toEqual(asked.sort === 'newest' ? expected.reverse() : expected);
      }),
      { numRuns: QUERIES },
    );
  }, 120_000);
}

async function all(history: History, asked: Asked, after?: HistoryMark): Promise<readonly string[]> {
  const page = await history.search({ workspaceId: WORKSPACE, ...asked, ...(after && { after }) });
  expect(page.items.length).toBeLessThanOrEqual(asked.limit);
  const ids = page.items.map(({ id }) => id);
  return page.next === undefined ? ids : [...ids, ...(await all(history, asked, page.next))];
}

function fits(each: LoggedEvent, { where, types: wanted, text = '', from, to }: Asked): boolean {
  const payload = JSON.parse(new TextDecoder().decode(each.payload)) as Json;
  return (
    (where === undefined || compileFilter(where)({ ...each, time: new Date(each.time).toISOString(), payload })) &&
    (wanted === undefined || wanted.some((pattern) => matchesPattern(pattern, each.type))) &&
    (from === undefined || each.time >= from) &&
    (to === undefined || each.time < to) &&
    hasText(payload, text)
  );
}

/** The words of each value as ` a b `, so that a phrase is a part of it. */
function lines(value: Json): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    const words =
      String(value)
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [];
    return [` ${words.join(' ')} `];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(lines) : [];
}

function hasText(payload: Json, text: string): boolean {
  const parts = text.match(/"[^"]*"|\S+/g) ?? [];
  return parts.every((part) => {
    const wanted = part.endsWith('*') ? ` ${part.slice(0, -1)}` : ` ${part.replaceAll('"', '')} `;
    return lines(payload).some((line) => line.includes(wanted));
  });
}
