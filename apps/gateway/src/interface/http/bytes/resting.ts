import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Connections on which nothing is in hand: opened ahead of a request, as browsers do, or kept for the next one. The server itself waits for
 * those that never asked, or have only begun to: a door that closes sends them away instead.
 */
export class Resting {
  private readonly connections = new Set<Socket>();
  /** Nobody is waited for any more but those whose answer is under way. */
  private isOver = false;

  /** `patience`: milliseconds after the door began to close in which a request that was under way may still arrive. */
  constructor(private readonly patience: number) {}

  mount(fastify: FastifyInstance): void {
    fastify.server.on('connection', (connection: Socket) => {
      this.connections.add(connection);
      // Ahead of Node's own, which come and go with each request: behind them, young garbage of requests is taken for alive.
      connection.prependListener('close', () => this.connections.delete(connection));
    });
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.connections.delete(request.raw.socket);
      done();
    });
    fastify.addHook('onResponse', (request, _reply, done) => {
      const { socket } = request.raw;
      // An answer that took its time is the last on its connection: what is left of it goes out first.
      if (this.isOver) socket.destroySoon();
      else if (!socket.destroyed) this.connections.add(socket);
      done();
    });
    fastify.addHook('preClose', (done) => {
      setTimeout(() => this.sendAway(), this.patience).unref();
      done();
    });
  }

  private sendAway(): void {
    this.isOver = true;
    for (const connection of this.connections) connection.destroy();
  }
}
