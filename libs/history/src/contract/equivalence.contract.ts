import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '@millrace/kernel';
import { compileFilter, matchesPattern } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { valuesOf } from '../field';
import type { AggregateBucket, AggregateQuery, History, HistoryMark, HistoryQuery } from '../history';
import type { HistoryBench } from './bench';
import { event, field, filter, patterns, times } from './drawn.contract';
import { logged, WORKSPACE } from './events';

const EVENTS = 600;
/** How many questions of each kind; more with `MILLRACE_EQUIVALENCE`. */
const QUERIES = Number(process.env['MILLRACE_EQUIVALENCE'] ?? 400);
const PATIENCE = 120_000 + QUERIES * 100;

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

const counted: fc.Arbitrary<Omit<AggregateQuery, 'workspaceId'>> = fc.record(
  {
    where: filter,
    types: fc.array(patterns, { minLength: 1, maxLength: 2 }),
    text: fc.constantFrom('a', 'or*', '"b a"', 'none'),
    from: times,
    to: times,
    by: fc.oneof(fc.record({ field, limit: fc.constantFrom(3, 1_000) }), fc.record({ every: fc.constantFrom(1, 7, 60_000) })),
  },
  { requiredKeys: ['by'] },
);

/** The store finds and counts what the predicates find, in the same order. */
export function equivalenceRules(bench: HistoryBench): void {
  it(
    'finds for every query exactly the events that fit, in the order of history',
    async () => {
      const sorted = await fill(bench.history());
      await fc.assert(
        fc.asyncProperty(query, async (asked) => {
          const expected = sorted.filter((each) => fits(each, asked)).map(({ id }) => id);
          expect(await all(bench.history(), asked)).toEqual(asked.sort === 'newest' ? expected.reverse() : expected);
        }),
        { numRuns: QUERIES },
      );
    },
    PATIENCE,
  );

  it(
    'counts for every question exactly what the events that fit hold',
    async () => {
      const sorted = await fill(bench.history());
      await fc.assert(
        fc.asyncProperty(counted, async (asked) => {
          const expected = bucketsOf(
            sorted.filter((each) => fits(each, asked)),
            asked.by,
          );
          expect(await bench.history().aggregate({ workspaceId: WORKSPACE, ...asked })).toEqual(expected);
        }),
        { numRuns: QUERIES },
      );
    },
    PATIENCE,
  );
}

/** Appends events in some order; answers them in that of history. */
async function fill(history: History): Promise<readonly LoggedEvent[]> {
  const drawn = fc.sample(event, { numRuns: EVENTS, seed: 11 });
  const events = drawn.map(({ json, ...given }, offset) => logged(offset, json, given));
  const shuffled = events.toSorted((a, b) => Number((a.position.offset * 7919n) % 601n) - Number((b.position.offset * 7919n) % 601n));
  for (let i = 0; i < EVENTS; i += 90) await history.append(shuffled.slice(i, i + 90));
  return events.toSorted((a, b) => a.recordedAt - b.recordedAt || Number(a.position.offset - b.position.offset));
}

function bucketsOf(events: readonly LoggedEvent[], by: AggregateQuery['by']): readonly AggregateBucket[] {
  const values = events.flatMap((each) =>
    'every' in by ? [Math.floor(each.time / by.every) * by.every] : valuesOf({ ...each, payload: payloadOf(each) }, by.field),
  );
  const buckets = [...new Set(values)].map((value) => ({ value, count: values.filter((other) => other === value).length }));
  if ('every' in by) return buckets.sort((a, b) => Number(a.value) - Number(b.value));
  return buckets.sort((a, b) => b.count - a.count || (JSON.stringify(a.value) < JSON.stringify(b.value) ? -1 : 1)).slice(0, by.limit);
}

function payloadOf(each: LoggedEvent): Json {
  return JSON.parse(new TextDecoder().decode(each.payload)) as Json;
}

async function all(history: History, asked: Asked, after?: HistoryMark): Promise<readonly string[]> {
  const page = await history.search({ workspaceId: WORKSPACE, ...asked, ...(after && { after }) });
  expect(page.items.length).toBeLessThanOrEqual(asked.limit);
  const ids = page.items.map(({ id }) => id);
  return page.next === undefined ? ids : [...ids, ...(await all(history, asked, page.next))];
}

function fits(each: LoggedEvent, { where, types: wanted, text = '', from, to }: Omit<Asked, 'sort' | 'limit'>): boolean {
  const payload = payloadOf(each);
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
