import { Agent, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream';
import type { Metrics } from '@millrace/observability';
import type { NearServers, TakeUpgrade } from '@millrace/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gauge } from 'prom-client';
import type { Policies } from '../http/policies/policies';
import type { Routes } from '../http/routes';
import { join } from './join';
import { answerOf, headOf, passedUpgrade, passOn, type Answered } from './pass-on';
import { headersToReturn } from './passed-headers';
import { UNKNOWN_SESSION, type Onward, type SocketRequests } from './socket-requests';
import { routeUpgrades, takeOver, upgradeOf, type Upgrade } from './upgrades';

/**
 * Passes the socket protocol through to the events service: long polls as requests, WebSockets as bare connections; those for an instance of
 * this process are handed over to it, so that what flows on them is not carried twice.
 */
export class Sockets implements Routes {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly held = new Set<Socket>();
  private readonly open: Gauge;

  constructor(
    private readonly requests: SocketRequests,
    private readonly near: NearServers,
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
    for (;;) {
      const onward = await this.requests.onward(request.raw, request.address);
      if (onward === undefined) return reply.code(UNKNOWN_SESSION.status).type('application/json').send(UNKNOWN_SESSION.body);
      if (onward.opens && request.isCounted !== true) await this.policies.count(request, reply, onward.principal);
      const take = this.near.at(onward.instance.address);
      if (upgrade !== undefined && take !== undefined) return this.handOver(reply, upgrade, passedUpgrade(request.raw, onward), take);
      const answered = await this.ask(request, reply, upgrade, onward);
      if (answered !== undefined) return this.answer(reply, upgrade, answered);
    }
  }

  /** The answer of the instance; undefined: it gave none, and another one may be asked instead. */
  private async ask(
    request: FastifyRequest,
    reply: FastifyReply,
    upgrade: Upgrade | undefined,
    onward: Onward,
  ): Promise<Answered | undefined> {
    const passed = passOn(request.raw, onward, upgrade === undefined ? this.agent : undefined);
    reply.raw.once('close', () => passed.destroy());
    upgrade?.socket.once('close', () => passed.destroy());
    try {
      return await answerOf(passed);
    } catch (error) {
      if (reply.raw.destroyed || request.method !== 'GET' || !this.requests.mayAskAnother(onward)) throw error;
      return undefined;
    }
  }

  private answer(reply: FastifyReply, upgrade: Upgrade | undefined, { answer, upgraded }: Answered): FastifyReply {
    if (upgrade !== undefined && upgraded !== undefined) return this.connect(reply, upgrade, answer, upgraded);
    return reply
      .code(answer.statusCode ?? 502)
      .headers(headersToReturn(answer))
      .send(answer);
  }

  private handOver(reply: FastifyReply, upgrade: Upgrade, passed: IncomingMessage, take: TakeUpgrade): FastifyReply {
    reply.hijack();
    const socket = takeOver(reply.raw, upgrade);
    finished(socket, this.hold(socket));
    take(passed, socket, upgrade.head);
    return reply;
  }

  private connect(reply: FastifyReply, near: Upgrade, answer: Answered['answer'], far: NonNullable<Answered['upgraded']>): FastifyReply {
    reply.hijack();
    const socket = takeOver(reply.raw, near);
    socket.write(headOf(answer));
    socket.write(far.head);
    far.socket.setNoDelay(true).write(near.head);
    join(socket, far.socket, this.hold(socket));
    return reply;
  }

  /** Counts a connection until what this answers is called. */
  private hold(socket: Socket): () => void {
    this.held.add(socket);
    this.open.inc();
    return () => {
      this.held.delete(socket);
      this.open.dec();
    };
  }
}
