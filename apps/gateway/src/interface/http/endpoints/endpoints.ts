import type { MessageInitShape } from '@bufbuild/protobuf';
import { RuntimeService } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import { formatTraceparent, type Log } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IdentifyCaller } from '../../../application/identify-caller';
import { pathInvalid, pathOf, queryOf } from '../door/path';
import { traceOf } from '../door/trace-of';
import type { Routes } from '../routes';
import { headersIn } from './carried-headers';
import { headOf, pour, writeHead, type EndpointPart } from './endpoint-answer';

export interface EndpointsParts {
  readonly callers: IdentifyCaller;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
}

interface EndpointRoute {
  Params: { readonly workspace: string; readonly '*': string };
}

type EndpointRequest = FastifyRequest<EndpointRoute>;

const { handleEndpoint } = RuntimeService.method;
const CONFIG = { config: { routeClass: 'endpoint' } };
/** Milliseconds until the head of an answer, and between two pieces of it. */
const PATIENCE = 30_000;
const NO_BODY = new Uint8Array();

/** The endpoints of automations: any method, any body; what they answer flows back as it is made. */
export class Endpoints implements Routes {
  constructor(private readonly parts: EndpointsParts) {}

  mount(fastify: FastifyInstance): void {
    for (const path of ['/v1/workspaces/:workspace/webhooks/*', '/e/:workspace/*']) {
      fastify.all<EndpointRoute>(path, CONFIG, (request, reply) => this.serve(request, reply));
    }
  }

  private async serve(request: EndpointRequest, reply: FastifyReply): Promise<void> {
    if (/%2f/i.test(pathOf(request.raw.url ?? ''))) throw pathInvalid('it holds an encoded slash');
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const answer = await this.ask(request, gone.signal);
    try {
      const first = await answer.next();
      writeHead(reply.raw, headOf(first.value ?? undefined), reply.getHeaders());
    } catch (error) {
      await answer.return();
      if (!gone.signal.aborted) throw error;
      reply.hijack();
      return;
    }
    reply.hijack();
    await pour(answer, reply.raw, gone.signal).catch((error: unknown) => this.breakOff(request, reply, error));
  }

  private async ask(request: EndpointRequest, signal: AbortSignal): Promise<AsyncGenerator<EndpointPart, void>> {
    const { principal, ours } = await this.parts.callers.visitor(request.headers.authorization);
    request.callerId = principal.id;
    const context = {
      principal,
      correlationId: request.id,
      deadline: this.parts.clock.now() + PATIENCE,
      traceparent: formatTraceparent(traceOf(request)),
      signal,
    };
    return this.parts.bus.stream(handleEndpoint, messageOf(request, !ours), context);
  }

  /** What was sent cannot be unsaid: the connection breaks, so that nobody takes half an answer for a whole one. */
  private breakOff(request: EndpointRequest, reply: FastifyReply, error: unknown): void {
    if (reply.raw.writableFinished || reply.raw.destroyed) return;
    this.parts.log.warn('The answer of an endpoint broke off.', { error, correlationId: request.id });
    reply.raw.destroy();
  }
}

function messageOf(request: EndpointRequest, withAuthorization: boolean): MessageInitShape<typeof handleEndpoint.input> {
  const { params, method, raw, body, ip } = request;
  return {
    workspaceId: params.workspace,
    method,
    path: params['*'],
    query: queryOf(raw.url ?? ''),
    headers: headersIn(raw.rawHeaders, withAuthorization),
    body: (body as Uint8Array | undefined) ?? NO_BODY,
    ip,
  };
}
