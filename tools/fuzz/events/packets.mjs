import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anyJson, damaged, objectJson, objectWith, oddText } from './json.mjs';
import { Line } from './line.mjs';
import { where } from './questions.mjs';

/** @typedef {import('./ground.mjs').Ground} Ground */

const NAMES = [
  'subscribe',
  'unsubscribe',
  'emit',
  'auth',
  'event',
  'connect',
  'disconnect',
  'error',
  '__proto__',
  'constructor',
  'toString',
  '',
];
const ACKS = ['', '', '0', '1', '7', '00', '-1', '1e9', '4294967296', '9'.repeat(30), '9'.repeat(1_000)];
/** Acknowledgement that the probe asks for. */
const PROBE = 424_242;
const PLACEHOLDERS = `[${Array.from({ length: 10_000 }, (_, num) => `{"_placeholder":true,"num":${num}}`).join(',')}]`;

const id = fc.constantFrom('"a"', '"b"', '"__proto__"', '"constructor"', '""', `"${'x'.repeat(65)}"`);
const bodies = fc.oneof(
  objectWith({
    id,
    types: fc.constantFrom('[">"]', '["a.*"]', '[]', '["__proto__"]', `[${'"a",'.repeat(60)}"a"]`, '[">>"]'),
    where: where.map((text) => JSON.stringify(text)),
    since: fc.oneof(fc.constantFrom('"e-1"', '"0-99999999999999999999999"', '"-"'), oddText),
    payload: fc.constantFrom('"full"', '"none"', '["a"]', '["__proto__"]', '["a.__proto__.b"]', '[""]', `["${'a.'.repeat(120)}a"]`),
  }),
  objectWith({
    type: fc.constantFrom('"a.b"', '"workspaces.created"', '">"'),
    id,
    payload: objectJson,
    keep: fc.constant('"LIVE"'),
    target: anyJson,
  }),
  objectWith({ token: oddText }),
  anyJson,
);
const message = fc.tuple(fc.constantFrom(...NAMES), bodies).map(([name, body]) => `[${JSON.stringify(name)},${body}]`);
const namespaces = fc.constantFrom(
  'own',
  'own',
  'own',
  'own',
  '',
  '/',
  '/v1/me/events',
  '/v1/workspaces/../events',
  '/__proto__',
  '/v1/workspaces/ws_1/events?x=1',
);

/** Packets of socket.io, as text behind the type of engine.io: namespace `own` is filled in. */
const packet = fc
  .record({
    kind: fc.oneof({ weight: 8, arbitrary: fc.constant('2') }, fc.constantFrom('0', '1', '3', '4', '5', '6', '7', '9', '', '-', 'x')),
    attachments: fc.oneof(
      { weight: 12, arbitrary: fc.constant('') },
      fc.constantFrom('0-', '1-', '10000-', '-1-', `${'9'.repeat(40)}-`, '1', 'x-'),
    ),
    namespace: namespaces,
    ack: fc.constantFrom(...ACKS),
    body: fc.oneof({ weight: 9, arbitrary: message }, anyJson, fc.constant(''), fc.constant(`["emit",${PLACEHOLDERS}]`)),
  })
  .map((parts) => ({ ...parts, text: `${parts.kind}${parts.attachments}` }));
const engine = fc.oneof(
  { weight: 12, arbitrary: fc.constant('4') },
  fc.constantFrom('0', '1', '2', '3', '5', '6', '7', 'b', '44', '', '\u0000'),
);
const said = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(engine, packet).map(([type, { text, namespace, ack, body }]) => ({ type, text, namespace, rest: `${ack}${body}` })),
  },
  fc.tuple(engine, damaged(anyJson)).map(([type, rest]) => ({ type, text: '', namespace: '', rest })),
);

/**
 * Anything said on a socket: it is answered, or ends this socket; nobody else notices.
 * @param {Ground} ground
 */
export function packets(ground) {
  return fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 4 }), fc.boolean(), async (all, isIn) => {
    const line = await Line.open(ground, isIn ? await ground.token() : undefined);
    for (const { type, text, namespace, rest } of all) {
      const name = namespace === 'own' ? ground.namespace : namespace;
      line.send(`${type}${text}${name === '' ? '' : `${name},`}${rest}`);
    }
    await heldTo(ground, line);
  });
}

/**
 * Bytes, and polls that bring anything: the same holds of them.
 * @param {Ground} ground
 */
export function polling(ground) {
  const parts = fc.array(
    fc.oneof(fc.constantFrom('4', '40', '3', '1', 'b', 'bAAAA', 'b!!', '2probe', '5', ''), fc.string({ unit: 'binary', maxLength: 20 })),
    { maxLength: 5 },
  );
  const separators = fc.constantFrom('\u001e', '\u001e\u001e', ':', '');
  const session = fc.constantFrom('own', 'own', 'own', 'x', '', '__proto__', '../x', 'x'.repeat(3_000));
  return fc.asyncProperty(parts, separators, session, async (each, separator, sid) => {
    const url = `${ground.millrace.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(url)).text();
    const own = /"sid":"([^"]+)"/.exec(opened)?.[1] ?? '';
    const at = `${url}&sid=${encodeURIComponent(sid === 'own' ? own : sid)}`;
    const answers = [
      await fetch(at, { method: 'POST', body: each.join(separator).toWellFormed() }),
      await fetch(`${url}&sid=${own}`, { method: 'POST', body: '1' }),
    ];
    for (const answer of answers) {
      const text = await answer.text();
      assert.ok([200, 400, 413].includes(answer.status), `${answer.status} ${text}`);
    }
    await ground.isWell();
  });
}

/**
 * @param {Ground} ground
 * @param {Line} line
 */
async function heldTo(ground, line) {
  line.send(`42${ground.namespace},${PROBE}["subscribe",{"id":"probe"}]`);
  await line.until((heard) => heard.some((text) => text.startsWith(`43${ground.namespace},${PROBE}[`)));
  for (const text of line.heard) assert.ok(!text.includes('"internal"') && !text.includes('.internal"'), text);
  line.leave();
  await ground.isWell();
}
