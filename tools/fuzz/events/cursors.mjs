import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ANSWERED, where } from './questions.mjs';

const position = fc.oneof(
  fc.constantFrom(
    '',
    '-',
    '0-0',
    'x-1',
    '-1',
    '1',
    'e-18446744073709551615',
    'e-18446744073709551616',
    'e-99999999999999999999999',
    'e-1e3',
    'e-0x1',
    '__proto__-1',
  ),
  fc.string({ maxLength: 95 }),
);
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(4),
  put: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('A', '=', '.', '-', '9')),
});

/**
 * Places to go on from that nobody was given: cursors of another question, changed, cut or made up, and positions as well.
 * @param {import('./ground.mjs').Ground} ground
 */
export function cursors(ground) {
  return fc.asyncProperty(fc.array(change, { maxLength: 3 }), position, fc.boolean(), where, async (changes, madeUp, isReal, filter) => {
    await ground.ask('/events', { method: 'POST', body: '{"events":[{"type":"paged.one"},{"type":"paged.two"},{"type":"paged.three"}]}' });
    const { nextCursor = 'none' } = /** @type {{ nextCursor?: string }} */ (await answered(ground, '/events?types=paged.*&limit=1'));
    const { next } = /** @type {{ next: string }} */ (await answered(ground, '/events:poll?wait=0'));
    const cursor = written(changed(nextCursor, changes));
    const since = isReal ? changed(next, changes) : madeUp;
    for (const path of [
      `/events?types=paged.*&limit=1&cursor=${cursor}`,
      `/events?limit=1&cursor=${cursor}&where=${written(filter)}`,
      `/events:export?cursor=${cursor}`,
      `/events:poll?wait=0&since=${written(since)}`,
      `/events:stream?since=${written(since)}`,
    ]) {
      const { status, text } = await ground.ask(path);
      assert.ok(ANSWERED.includes(status), `${path}: ${status} ${text}`);
    }
    const resumed = await ground.ask('/events:stream', { headers: { 'last-event-id': since.replaceAll(/[^ -~]/g, '') } });
    assert.ok(ANSWERED.includes(resumed.status), `${resumed.status} ${resumed.text}`);
  });
}

/**
 * @param {import('./ground.mjs').Ground} ground
 * @param {string} path
 * @returns {Promise<unknown>}
 */
async function answered(ground, path) {
  const { status, text } = await ground.ask(path);
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

/**
 * As a part of a URL.
 * @param {string} text
 */
function written(text) {
  return encodeURIComponent(text.toWellFormed());
}

/**
 * @param {string} text
 * @param {readonly { at: number, cut: number, put: string }[]} changes
 */
function changed(text, changes) {
  return changes.reduce((now, { at, cut, put }) => {
    const from = Math.floor(at * now.length);
    return now.slice(0, from) + put + now.slice(from + cut);
  }, text);
}
