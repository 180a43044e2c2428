import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A connection that asked to become a WebSocket. */
export interface Upgrade {
  readonly socket: Socket;
  /** What the client said before it knew whether it may. */
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Whether Node shall take the connection out of HTTP for this request: only for what is served as a socket. Others go on as requests. */
export function isSocketUpgrade({ headers, url = '' }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url.startsWith('/socket.io');
}

/** The connection behind a request to upgrade; undefined when it is an ordinary one. */
export function upgradeOf(request: IncomingMessage): Upgrade | undefined {
  return upgrades.get(request);
}

/**
 * Leads requests to upgrade through the same routes as all others, so that they are checked, refused and told of in the same way. Who
 * serves one takes the connection with `takeOver`; else the answer ends it.
 */
export function routeUpgrades(fastify: FastifyInstance): void {
  fastify.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.destroySoon());
    upgrades.set(request, { socket, head });
    fastify.routing(request, response);
  });
}

/** Takes the connection from the answer: from here on it speaks no HTTP. */
export function takeOver(response: ServerResponse, { socket }: Upgrade): Socket {
  response.detachSocket(socket);
  return socket.setTimeout(0).setNoDelay(true);
}
