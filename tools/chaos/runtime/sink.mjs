import { once } from 'node:events';
import { createServer } from 'node:http';

const SLOWEST = 80;

/**
 * A call from outside: its key, its body, and which call it was.
 * @typedef {{ n: number, key: string, idempotencyKey: string, body: string, serial: number }} Call
 */

/**
 * A server that writes down who called it, and takes its time to answer.
 * @param {import('../chance.mjs').Chance} chance
 */
export async function openSink(chance) {
  /** @type {Call[]} */
  const calls = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (/** @type {Buffer} */ chunk) => (body += chunk.toString()));
    request.on('end', () => {
      const { n, key } = /** @type {{ n: number, key: string }} */ (JSON.parse(body));
      const serial = calls.length;
      calls.push({ n, key, idempotencyKey: String(request.headers['idempotency-key']), body, serial });
      setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify({ serial })), chance.below(SLOWEST));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { calls, close, url: `http://127.0.0.1:${port}/` };
}
