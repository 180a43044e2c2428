import assert from 'node:assert/strict';
import fc from 'fast-check';
import { idsIn } from './ground.mjs';
import { anyJson, damaged, objectJson, objectWith, oddText } from './json.mjs';

/** @typedef {import('./ground.mjs').Ground} Ground */

const TAKEN = [201, 400, 409, 413, 415, 422, 503];
const TYPES = [
  ...[
    'orders.paid',
    'a',
    'a.b.c.d.e.f.g.h',
    'a.b.c.d.e.f.g.h.i',
    'workspaces.created',
    'error',
    'notification.requested',
    'a..b',
    '.a',
    'a.',
  ],
  ...[
    '*',
    '>',
    'a.*',
    'A-_9.x',
    '__proto__',
    'a.__proto__',
    'constructor.prototype',
    `${'x'.repeat(40)}.y`,
    `${'x'.repeat(41)}.y`,
    'é.b',
    'a b',
  ],
];
const TIMES = [
  ...['2026-11-22T10:00:00Z', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '10000-01-01T00:00:00Z'],
  ...['2026-02-30T00:00:00Z', '2026-11-22', '+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z', 'now'],
];
const texts = (/** @type {readonly string[]} */ all) => fc.constantFrom(...all).map((text) => JSON.stringify(text));
const name = fc.oneof(texts(['a', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(256), 'x'.repeat(257), 'offer/1']), oddText);
const id = fc.oneof({ weight: 3, arbitrary: fc.uuid().map((text) => `"${text}"`) }, name);

const event = objectWith({
  type: fc.oneof({ weight: 4, arbitrary: fc.constant('"orders.paid"') }, texts(TYPES)),
  id,
  subject: name,
  key: name,
  time: texts(TIMES),
  keep: texts(['HISTORY', 'LOG', 'LIVE', 'EVENT_KEEP_LIVE', 'NEVER']),
  target: objectWith({ user: name, session: name, topic: name, socket: name }),
  extensions: objectWith({ tenant: name, 'No-Name': name, cesource: name }),
  payload: objectJson,
});
const batch = fc.array(event, { minLength: 1, maxLength: 4 }).map((events) => `{"events":[${events.join(',')}]}`);
const many = fc
  .constantFrom(499, 500, 501, 5_000)
  .map((count) => `{"events":[${Array.from({ length: count }, () => '{"type":"a"}').join(',')}]}`);
const body = fc.oneof({ weight: 30, arbitrary: damaged(batch) }, { weight: 2, arbitrary: anyJson }, many);
const key = fc.option(fc.constantFrom('a-key', 'x'.repeat(64), 'x'.repeat(65), '"', 'a b'), { nil: undefined, freq: 8 });

/**
 * Anything at the door: it is taken or refused, and what was taken reaches who follows, as it was sent.
 * @param {Ground} ground
 */
export function envelopes(ground) {
  return fc.asyncProperty(body, key, async (text, idempotencyKey) => {
    const isRepeatable = idempotencyKey !== undefined;
    const headers = isRepeatable ? { 'idempotency-key': idempotencyKey } : {};
    const answer = await ground.ask('/events', { method: 'POST', headers, body: text });
    assert.ok(TAKEN.includes(answer.status), `${answer.status} ${answer.text}`);
    if (answer.status === 201 && !isRepeatable) await shown(ground, text, idsIn(answer.text));
  });
}

/**
 * What was taken reaches who follows, as it was sent. Left out: what is for others, and what may have been there before.
 * @param {Ground} ground
 * @param {string} text
 * @param {readonly string[]} ids
 */
async function shown(ground, text, ids) {
  const { events } = /** @type {{ events: Taken[] }} */ (JSON.parse(text));
  assert.equal(ids.length, events.length);
  for (const [index, event] of events.entries()) {
    if (Object.hasOwn(event, 'id') || Object.keys(event.target ?? {}).length > 0) continue;
    const { payload = {} } = (await ground.shown(ids[index] ?? '')) ?? {};
    assert.deepEqual(payload, event.payload ?? {});
  }
}

/** @typedef {{ target?: object | null, payload?: unknown }} Taken */
