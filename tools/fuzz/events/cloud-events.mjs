import assert from 'node:assert/strict';
import fc from 'fast-check';
import { idsIn } from './ground.mjs';
import { anyJson, damaged, objectJson, objectWith, oddText } from './json.mjs';

const TAKEN = [201, 400, 409, 413, 415, 422, 503];
const VALUES = {
  specversion: ['1.0', '1.0', '1.0', '1.0', '0.3', '', '1'],
  id: ['a', 'b', '%00', '%E0%A4', '%', 'x'.repeat(300)],
  source: ['/shop', 'urn:x', '%2e%2e', ' '],
  type: ['orders.paid', 'orders.paid', 'orders.paid', 'workspaces.created', 'a..b', '__proto__', '*'],
  subject: ['offer/1', '%F0%9F%92%A5', 'x'.repeat(257)],
  time: ['2026-11-22T10:00:00Z', '+275760-09-13T00:00:00Z', '9999-12-31T23:59:59Z', '-271821-04-20T00:00:00Z', '1', 'never'],
  partitionkey: ['k', 'x'.repeat(129)],
  datacontenttype: ['application/json', 'application/vnd.x+json', 'text/xml', 'application/json; charset=utf-8', ';', '\u00e9'],
  traceparent: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x'],
  sequence: ['1'],
  mrkeep: ['LIVE'],
  cesource: ['/other'],
  tenant: ['t', ''],
  __proto__x: ['t'],
  constructor: ['t'],
};
const MODES = ['application/cloudevents+json', 'application/cloudevents+json; charset=utf-8', 'application/cloudevents-batch+json'];

const values = Object.entries(VALUES).map(([name, each]) => /** @type {const} */ ([name, fc.constantFrom(...each)]));
const member = (/** @type {fc.Arbitrary<string>} */ value) =>
  fc.oneof({ weight: 8, arbitrary: value.map((text) => JSON.stringify(text)) }, oddText);
const cloudEvent = objectWith({
  ...Object.fromEntries(values.map(([name, value]) => [name, member(value)])),
  data: objectJson,
  data_base64: oddText,
  dataschema: oddText,
});
const required = fc
  .tuple(objectJson, fc.uuid())
  .map(([data, id]) => `{"specversion":"1.0","id":"${id}","source":"/s","type":"a.b","data":${data}}`);
const one = damaged(fc.oneof(cloudEvent, required));
const list = damaged(fc.array(fc.oneof(cloudEvent, required), { maxLength: 4 }).map((events) => `[${events.join(',')}]`));

const carried = fc.tuple(
  ...values.map(([name, value]) =>
    fc.option(
      value.map((text) => /** @type {const} */ ([`ce-${name}`, text])),
      { nil: undefined, freq: 4 },
    ),
  ),
);
const binary = fc
  .tuple(carried, fc.constantFrom(...VALUES.datacontenttype), damaged(fc.oneof(objectJson, anyJson)))
  .map(([all, type, body]) => ({
    headers: { 'content-type': type, ...Object.fromEntries(all.flatMap((each) => (each === undefined ? [] : [each]))) },
    body,
  }));
const structured = fc
  .tuple(fc.constantFrom(...MODES), fc.oneof(one, list))
  .map(([type, body]) => ({ headers: { 'content-type': type }, body }));
const bytes = fc
  .tuple(fc.constantFrom(...MODES), fc.uint8Array({ maxLength: 40 }))
  .map(([type, body]) => ({ headers: { 'content-type': type }, body: new Uint8Array(body) }));

/**
 * Anything as CloudEvents, in each of the three modes: it is taken or refused, and what was taken reaches who follows.
 * @param {import('./ground.mjs').Ground} ground
 */
export function cloudEvents(ground) {
  return fc.asyncProperty(fc.oneof({ weight: 6, arbitrary: binary }, { weight: 9, arbitrary: structured }, bytes), async (asking) => {
    const answer = await ground.ask('/events', { method: 'POST', ...asking });
    assert.ok(TAKEN.includes(answer.status), `${answer.status} ${answer.text}`);
    if (answer.status === 201) for (const id of idsIn(answer.text)) assert.match(id, /^evt_/);
  });
}
