import { io } from 'socket.io-client';
import { Pool, WebSocket } from 'undici';

/**
 * What reaches a consumer: the number of an event and when it was due.
 * @typedef {{ number: number, due: number }} Said
 * @typedef {(said: Said) => void} Take
 * @typedef {{ stop(): void | Promise<void> }} Consumer
 * @typedef {object} Place where consumers listen
 * @property {string} url
 * @property {'millrace' | 'poll' | 'room' | 'relay'} kind
 * @property {string} [path] of the workspace's events
 * @property {Record<string, string>} headers
 */

/** Open a consumer of these kinds of events; it resolves when it would miss nothing. @type {Record<Place['kind'], (place: Place, kinds: readonly string[], take: Take) => Promise<Consumer>>} */
export const OPEN = { millrace, poll, room, relay };

/**
 * @param {Place} place
 * @param {readonly string[]} kinds
 * @param {Take} take
 */
async function millrace({ url, path = '', headers }, kinds, take) {
  const socket = io(url + path, { transports: ['websocket'], forceNew: true, extraHeaders: headers, reconnection: false });
  let last = -1n;
  socket.on('event', (/** @type {{ offset: string, event: { payload: Said } }} */ { offset, event }) => {
    if (BigInt(offset) <= last) throw new Error(`The event at ${offset} came after that at ${last}.`);
    last = BigInt(offset);
    take(event.payload);
  });
  await connected(socket);
  for (let start = 0; start < kinds.length; start += 50) {
    const types = kinds.slice(start, start + 50).map((kind) => `bench.${kind}`);
    const answer = /** @type {{ recovered?: boolean }} */ (await socket.emitWithAck('subscribe', { id: `s${start}`, types }));
    if (answer.recovered !== true) throw new Error(`A subscription was refused: ${JSON.stringify(answer)}`);
  }
  return { stop: () => void socket.disconnect() };
}

/**
 * @param {Place} place
 * @param {readonly string[]} kinds
 * @param {Take} take
 */
async function poll({ url, path = '', headers }, kinds, take) {
  const pool = new Pool(url, { connections: 1 });
  const types = kinds.map((kind) => `types=bench.${kind}`).join('&');
  const stopping = new AbortController();
  const ask = async (/** @type {string} */ more) => {
    const answer = await pool.request({ path: `${path}:poll?${types}&limit=500${more}`, method: 'GET', headers });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`A poll was answered ${answer.statusCode}: ${text}`);
    return /** @type {{ next: string, recovered: boolean, events: { payload: Said }[] }} */ (JSON.parse(text));
  };
  let { next } = await ask('&wait=0');
  const going = (async () => {
    while (!stopping.signal.aborted) {
      const answer = await ask(`&wait=1&since=${next}`);
      if (!answer.recovered) throw new Error('A poll has missed something.');
      ({ next } = answer);
      for (const { payload } of answer.events) take(payload);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await going;
      await pool.close();
    },
  };
}

/**
 * @param {Place} place
 * @param {readonly string[]} kinds
 * @param {Take} take
 */
async function room({ url }, kinds, take) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, query: { kind: kinds[0] ?? '' }, reconnection: false });
  socket.on('event', (/** @type {{ event: Said }} */ { event }) => take(event));
  await connected(socket);
  return { stop: () => void socket.disconnect() };
}

/**
 * @param {Place} place
 * @param {readonly string[]} kinds
 * @param {Take} take
 */
async function relay({ url }, kinds, take) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/?kind=${kinds[0] ?? ''}`);
  /** @type {PromiseWithResolvers<unknown>} */
  const { promise, resolve, reject } = Promise.withResolvers();
  socket.addEventListener('message', ({ data }) => take(/** @type {Said} */ (JSON.parse(String(data)))));
  socket.addEventListener('open', resolve);
  socket.addEventListener('error', reject);
  await promise;
  return { stop: () => socket.close() };
}

/** @param {import('socket.io-client').Socket} socket */
async function connected(socket) {
  /** @type {PromiseWithResolvers<void>} */
  const { promise, resolve, reject } = Promise.withResolvers();
  socket.once('connect', resolve);
  socket.once('connect_error', reject);
  await promise;
}
