import { fileURLToPath } from 'node:url';
import { freePort, startChild } from '../product/child.mjs';
import { residentMegabytes, signIn, startStandalone } from '../product/standalone.mjs';
import { BURST } from './profiles.mjs';

/**
 * Somebody who carries events: where they are said, where they are taken, and what it costs.
 * @typedef {object} Carrier
 * @property {import('./consumers.mjs').Place} place
 * @property {string} say
 * @property {string} burstAt path of an automation that says some
 * @property {'bare' | 'batch'} form
 * @property {number} status
 * @property {() => number} processorTime milliseconds
 * @property {() => number} rss megabytes
 */

/** @typedef {Carrier & AsyncDisposable} Contestant */

const EMITS = Array.from({ length: BURST }, (_, index) => {
  const payload = `{ number: '{% {{body.number}} + ${index} %}', due: '{{body.due}}', kind: all, pad: '{{body.pad}}' }`;
  return `  - emit: { event: bench.all, payload: ${payload} }`;
});
const SAYER = [
  'when: { endpoint: { path: say, methods: [post], access: public } }',
  'record: none',
  'do:',
  ...EMITS,
  "output: 'said'",
  '',
].join('\n');

/**
 * The whole product in one process, signed in as its demo user.
 * @param {'fast' | 'safe'} durability
 * @returns {Promise<Contestant>}
 */
export async function startMillrace(durability) {
  const { url, processorTime, rss, stop } = await startStandalone({ env: { MILLRACE_DURABILITY: durability } });
  const { id, key } = await prepare(url).catch(async (/** @type {unknown} */ error) => {
    await stop();
    throw error;
  });
  const path = `/v1/workspaces/${id}/events`;
  const place = { url, kind: /** @type {const} */ ('millrace'), path, headers: { authorization: `Bearer ${key}` } };
  return {
    place,
    say: path,
    burstAt: `/v1/workspaces/${id}/webhooks/say`,
    form: 'batch',
    status: 201,
    processorTime,
    rss,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * A workspace with the automation that says some, and a key that may say and read.
 * @param {string} url
 * @returns {Promise<{ id: string, key: string }>}
 */
async function prepare(url) {
  const call = await signIn(url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  await call('PUT', `/v1/workspaces/${id}/automations/say`, SAYER);
  await call('POST', `/v1/workspaces/${id}/versions`, {});
  const { secret: key } = await call('POST', `/v1/workspaces/${id}/keys`, { name: 'bench', role: 'operator' });
  return { id, key };
}

/** A plain socket.io server whose clients are in rooms. */
export function startRoom() {
  return startBare(new URL('room.mjs', import.meta.url), 'room', []);
}

/**
 * A relay from NATS to WebSockets.
 * @param {string} nats
 */
export function startRelay(nats) {
  return startBare(new URL('relay.mjs', import.meta.url), 'relay', [nats]);
}

/**
 * @param {URL} file
 * @param {'room' | 'relay'} kind
 * @param {string[]} args
 * @returns {Promise<Contestant>}
 */
async function startBare(file, kind, args) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { pid, processorTime, stop } = await startChild([fileURLToPath(file), String(port), ...args], { url });
  return {
    ...{ place: { url, kind, headers: {} }, say: '/', burstAt: '/', form: 'bare', status: 201 },
    ...{ processorTime, rss: () => residentMegabytes(pid), [Symbol.asyncDispose]: stop },
  };
}
