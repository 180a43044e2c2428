import { once } from 'node:events';
import { connect } from 'node:net';

/** How many connections send next to nothing. */
const SLOW = 200;
/** The longest page of a list. */
const PAGE = 200;

/**
 * Requests that ask for too much, by their names: each does so once.
 * @param {{ url: string, workspace: string, authorization: () => string }} place
 * @returns {Record<string, () => Promise<unknown>>}
 */
export function hogsOf({ url, workspace, authorization }) {
  const get = async (/** @type {string} */ path, /** @type {number} */ status) => {
    const answer = await fetch(url + path, { headers: { authorization: authorization() } });
    if (answer.status !== status) throw new Error(`A request was answered with ${answer.status}.`);
    await answer.arrayBuffer();
  };
  const search = async (/** @type {string} */ where) => {
    const body = JSON.stringify({ where, limit: PAGE });
    const answer = await fetch(`${url}${workspace}/events:search`, {
      method: 'POST',
      headers: { authorization: authorization(), 'content-type': 'application/json' },
      body,
    });
    if (answer.status !== 200) throw new Error(`A search was answered with ${answer.status}.`);
    await answer.arrayBuffer();
  };
  return {
    'slow senders': slowSenders(new URL(url)),
    'long URL': () => get(`/v1/workspaces?where=${'x'.repeat(8_000)}`, 400),
    pattern: () => search(`payload.words starts with '${'(a+)+'.repeat(200)}$'`),
    'costly search': () => search("payload.words ends with 'ord39x'"),
    'long page': () => search(Array.from({ length: 60 }, (_, at) => `payload.at != ${at}`).join(' and ')),
  };
}

/**
 * Connections that never come to the end of a request; each time one byte more of it.
 * @param {URL} url
 */
function slowSenders({ hostname, port }) {
  /** @type {import('node:net').Socket[]} */
  let sockets = [];
  return async () => {
    // The door lets go of those that take too long: others come in their place.
    sockets = sockets.filter(({ destroyed }) => !destroyed);
    for (let at = sockets.length; at < SLOW; at++) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.resume();
      socket.unref();
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write('GET /v1/workspaces HTTP/1.1\r\nhost: x\r\nx-slow: ');
    }
    for (const socket of sockets) if (socket.writable) socket.write('x');
  };
}
