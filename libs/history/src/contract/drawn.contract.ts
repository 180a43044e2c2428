import fc from 'fast-check';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';

const plain = fc.constantFrom('', 'a', 'b', 'ab', 'Ab', 'b a', '1', 'é', 'ça va', 'orders.paid', 'u_1', '_', 'x-y');
// What a store may take for its own signs, cut, or put into another order than UTF-16 does.
const odd = fc.constantFrom('a*', '?', 'a\\b', 'a\0s:b', '"b"', '\ud83d\ude00', '\ud83d', '\uffee', 'l'.repeat(255) + 'é', 'l'.repeat(300));
const texts = fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: odd });
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
/** Patterns of types, some of which no event has. */
export const patterns = fc.oneof(types, fc.constantFrom('>', 'orders.>', 'orders.*', '*.paid', '*', 'none'));
/** When events happen. */
export const times = fc.integer({ min: 1_000_000, max: 1_000_040 });

// More values than a store will mark, before those that are asked for.
const wide = fc.constant(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`w${i}`, i])));
const payload = fc.oneof(
  { weight: 40, arbitrary: objectOf(json) },
  { weight: 1, arbitrary: fc.tuple(wide, objectOf(json)).map(([before, map]) => ({ ...before, ...map })) },
);

/** An event to be, its payload apart. */
export const event: fc.Arbitrary<Partial<LoggedEvent> & { readonly json: JsonMap }> = fc.record(
  {
    json: payload,
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
/** Any field. */
export const field = fc.oneof(
  { weight: 5, arbitrary: path.map((segments) => `payload.${segments.join('.')}`) },
  fc.constantFrom('type', 'time', 'subject', 'correlationId', 'actor.kind', 'actor.id', 'target.user', 'source.service', 'source.none'),
);
const values = (of: string): fc.Arbitrary<string | number | boolean | null> => (of === 'time' ? times : scalar);
const comparison = fc.constantFrom('=', '=', '=', '!=', '<', '<=', '>', '>=', 'starts with', 'ends with', 'contains' as const);

/** Any filter. */
export const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
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
