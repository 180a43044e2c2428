import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Metrics } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gauge } from 'prom-client';
import type { Policies } from '../http/policies/policies';
import type { Routes } from '../http/routes';
import { join } from './join';
import { answerOf, headOf, passOn, type Answered } from './pass-on';
import { headersToReturn } from './passed-headers';
import { UNKNOWN_SESSION, type SocketRequests } from './socket-requests';
import { routeUpgrades, takeOver, upgradeOf, type Upgrade } from './upgrades';

/** Passes the socket protocol through to the events service: long polls as requests, WebSockets as bare connections. */
export class Sockets implements Routes {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly held = new Set<Socket>();
  private readonly open: Gauge;

  constructor(
    private readonly requests: SocketRequests,
    private readonly policies: Pick<Policies, 'count'>,
    metrics: Metrics,
  ) {
    this.open = metrics.gauge('gateway_sockets', 'WebSockets passed through just now.');
  }

  mount(fastify: FastifyInstance): void {
    routeUpgrades(fastify);
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      scope.all('/socket.io/*', { config: { routeClass: 'socket', isCountedByHandler: true } }, (request, reply) =>
        this.serve(request, reply),
      );
    });
  }

  async close(): Promise<void> {
    for (const socket of this.held) socket.destroy();
    this.agent.destroy();
  }

  private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const upgrade = upgradeOf(request.raw);
    const answered = await this.ask(request, reply, upgrade);
    if (answered === undefined) return reply.code(UNKNOWN_SESSION.status).type('application/json').send(UNKNOWN_SESSION.body);
    if (upgrade !== undefined && answered.upgraded !== undefined) return this.connect(reply, upgrade, answered.answer, answered.upgraded);
    return reply
      .code(answered.answer.statusCode ?? 502)
      .headers(headersToReturn(answered.answer))
      .send(answered.answer);
  }

  /** The answer of the instance the request belongs to, or of the first that answers when it opens a session; undefined: nobody holds it. */
  private async ask(request: FastifyRequest, reply: FastifyReply, upgrade: Upgrade | undefined): Promise<Answered | undefined> {
    for (;;) {
      const onward = await this.requests.onward(request.raw, request.address);
      if (onward === undefined) return undefined;
      if (onward.opens && request.isCounted !== true) await this.policies.count(request, reply, onward.principal);
      const passed = passOn(request.raw, onward, upgrade === undefined ? this.agent : undefined);
      reply.raw.once('close', () => passed.destroy());
      upgrade?.socket.once('close', () => passed.destroy());
      try {
        return await answerOf(passed);
      } catch (error) {
        if (reply.raw.destroyed || request.method !== 'GET' || !this.requests.mayAskAnother(onward)) throw error;
      }
    }
  }

  private connect(reply: FastifyReply, near: Upgrade, answer: Answered['answer'], far: NonNullable<Answered['upgraded']>): FastifyReply {
    reply.hijack();
    const socket = takeOver(reply.raw, near);
    socket.write(headOf(answer));
    socket.write(far.head);
    far.socket.setNoDelay(true).write(near.head);
    this.held.add(socket);
    this.open.inc();
    join(socket, far.socket, () => {
      this.held.delete(socket);
      this.open.dec();
    });
    return reply;
  }
}
