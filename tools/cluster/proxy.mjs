import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const NOBODY = [
  'HTTP/1.1 503 Service Unavailable',
  'content-type: application/problem+json',
  'retry-after: 1',
  'connection: close',
  '',
  JSON.stringify({ status: 503, code: 'cluster.no_gateway', detail: 'No gateway answers at the moment. Try again in a second.' }),
].join('\r\n');

/**
 * One address before several gateways: each connection goes to the next one that takes it, and stays there.
 * @param {{ port: number, backends: () => readonly number[] }} options port: 0 for a free one; backends: ports of this machine
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function openProxy({ port, backends }) {
  let turn = 0;
  /** @type {Set<import('node:net').Socket>} */
  const open = new Set();
  const server = createServer({ noDelay: true }, (near) => {
    track(open, near);
    const ports = backends();
    turn += 1;
    offer(
      near,
      ports.map((_, index) => ports[(turn + index) % ports.length] ?? 0),
      open,
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/**
 * Joins a connection with the first of the backends that takes it.
 * @param {import('node:net').Socket} near
 * @param {readonly number[]} ports
 * @param {Set<import('node:net').Socket>} open
 */
function offer(near, [first, ...others], open) {
  if (near.destroyed) return;
  if (first === undefined) {
    near.end(NOBODY);
    return;
  }
  const far = connect({ port: first, host: '127.0.0.1', noDelay: true });
  const refused = () => offer(near, others, open);
  far.once('error', refused);
  far.once('connect', () => {
    far.off('error', refused);
    track(open, far);
    near.pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
}

/**
 * @param {Set<import('node:net').Socket>} open
 * @param {import('node:net').Socket} socket
 */
function track(open, socket) {
  open.add(socket);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => open.delete(socket));
}
