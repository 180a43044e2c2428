import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ANONYMOUS, DomainError, type Facts, type FieldProblem, type Refusal } from '@millrace/kernel';
import type { Metrics } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gauge } from 'prom-client';
import { STREAM_EVENTS, STREAM_OWN_EVENTS } from '../http/hand-routes/events';
import { mounted } from '../http/hand-routes/hand-route';
import type { Policies } from '../http/policies/policies';
import { malformed, signInNeeded } from '../http/problems/refusals';
import type { Routes } from '../http/routes';
import { answerOf, passOn } from './pass-on';
import { headersToReturn } from './passed-headers';
import type { SocketRequests } from './socket-requests';

/** How the events service says no. */
interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly facts: Facts;
}

const CONFIG = { isCountedByHandler: true };
const TYPE = 'text/event-stream';
const REFUSALS: Readonly<Record<number, Refusal>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'invalid',
  422: 'invalid',
  429: 'exhausted',
};

/** Passes event streams through from the events service: what was asked goes there with a proof of who asks, what it says flows back. */
export class EventStreams implements Routes {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly flowing = new Set<ClientRequest>();
  private readonly open: Gauge;

  constructor(
    private readonly requests: SocketRequests,
    private readonly policies: Pick<Policies, 'count'>,
    metrics: Metrics,
  ) {
    this.open = metrics.gauge('gateway_streams', 'Event streams passed through just now.');
  }

  mount(fastify: FastifyInstance): void {
    const handler = (request: FastifyRequest, reply: FastifyReply) => this.serve(request, reply);
    for (const route of [STREAM_EVENTS, STREAM_OWN_EVENTS]) fastify.route({ ...mounted(route, CONFIG), handler });
  }

  async close(): Promise<void> {
    for (const passed of this.flowing) passed.destroy();
    this.agent.destroy();
  }

  private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    checkAccept(request.headers.accept);
    const answer = await this.ask(request, reply);
    if (answer.statusCode !== 200) throw await refusalOf(answer);
    return reply.headers(headersToReturn(answer)).send(answer);
  }

  /** The answer of the first instance that gives one. */
  private async ask(request: FastifyRequest, reply: FastifyReply): Promise<IncomingMessage> {
    for (;;) {
      const onward = await this.requests.stream(request);
      if (onward.principal?.id === ANONYMOUS.id) throw signInNeeded();
      if (request.isCounted !== true) await this.policies.count(request, reply, onward.principal);
      const passed = passOn(request.raw, onward, this.agent);
      this.hold(passed, reply);
      try {
        return (await answerOf(passed)).answer;
      } catch (error) {
        if (reply.raw.destroyed || !this.requests.mayAskAnother(onward)) throw error;
      }
    }
  }

  private hold(passed: ClientRequest, reply: FastifyReply): void {
    this.flowing.add(passed);
    this.open.inc();
    reply.raw.once('close', () => passed.destroy());
    passed.once('close', () => {
      this.flowing.delete(passed);
      this.open.dec();
    });
  }
}

function checkAccept(accept: string | undefined): void {
  if (accept === undefined || [TYPE, 'text/*', '*/*'].some((type) => accept.includes(type))) return;
  throw malformed('not_acceptable', `This route answers ${TYPE}, and the header "Accept" does not take it.`);
}

async function refusalOf(answer: IncomingMessage): Promise<DomainError> {
  const { code, detail, errors, facts } = JSON.parse(await text(answer)) as Refused;
  const refusal = REFUSALS[answer.statusCode ?? 503] ?? 'unavailable';
  return new DomainError(code, refusal, detail, { errors: [...errors], facts });
}
