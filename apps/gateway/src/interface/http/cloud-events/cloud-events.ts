import type { IncomingMessage } from 'node:http';
import { create, type DescMethodUnary } from '@bufbuild/protobuf';
import { demandScope } from '@millrace/auth';
import { EventsService, problemsOf, type EmitEventsRequest, type GetEventRequest, type ListEventsRequest } from '@millrace/contracts';
import type { Clock, Ids } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import { formatTraceparent } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
import type { Paging } from '../calls/paging';
import { addLink } from '../door/links';
import { pathOf, queryOf } from '../door/path';
import { traceOf } from '../door/trace-of';
import { knownOnly } from '../hand-routes/hand-route';
import { signInNeeded, unfit } from '../problems/refusals';
import type { Routes } from '../routes';
import { AnswerWriter } from '../transcoding/answer-writer';
import { JSON_TYPE } from '../transcoding/media';
import { readQuery } from '../transcoding/query';
import { RequestReader } from '../transcoding/request-reader';
import { MANY, modeOf, ONE, type Mode } from './modes';
import { fromBinary, fromBody, inputOf } from './read-cloud-event';
import { cloudEventJson } from './write-cloud-event';

interface WorkspaceRoute {
  Params: { readonly workspace: string };
}

interface EventRoute {
  Params: { readonly workspace: string; readonly event: string };
}

export interface CloudEventsParts {
  readonly callers: HttpCallers;
  readonly bus: Bus;
  readonly paging: Paging;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Of the API. */
  readonly publicUrl: string;
}

const { emitEvents, getEvent, listEvents } = EventsService.method;
const EVENTS = '/v1/workspaces/:workspace/events';
const CONSTRAINT = 'cloudEvents';
const PATIENCE = 30_000;
const NO_BODY = new Uint8Array();

/**
 * The door of events for those who speak CloudEvents 1.0: in, in the binary, structured and batch way; out, one or a list, for who accepts
 * nothing else. Only requests that say so come here: the paths are those of the calls.
 */
export class CloudEvents implements Routes {
  private readonly accepted = new AnswerWriter(emitEvents);
  private readonly lists = new RequestReader(listEvents, { verb: 'get', path: '/v1/workspaces/{workspace_id}/events' });

  constructor(private readonly parts: CloudEventsParts) {}

  mount(fastify: FastifyInstance): void {
    fastify.addConstraintStrategy({
      name: CONSTRAINT,
      storage: () => routesByMode(),
      deriveConstraint: ({ method, headers }: IncomingMessage) => modeOf(method, headers),
      validate: () => undefined,
      mustMatchWhenDerived: false,
    });
    for (const mode of ['binary', 'structured', 'batch'] as const) {
      const options = { config: { routeClass: 'emit' }, constraints: { [CONSTRAINT]: mode }, preHandler: knownOnly([]) };
      fastify.post<WorkspaceRoute>(EVENTS, options, (request, reply) => this.take(request, reply, mode));
    }
    const wanted = { config: { routeClass: 'read' }, constraints: { [CONSTRAINT]: 'wanted' } };
    fastify.get<WorkspaceRoute>(EVENTS, wanted, (request, reply) => this.list(request, reply));
    fastify.get<EventRoute>(`${EVENTS}/:event`, { ...wanted, preHandler: knownOnly([]) }, (request, reply) => this.show(request, reply));
  }

  private async take(request: FastifyRequest<WorkspaceRoute>, reply: FastifyReply, mode: Exclude<Mode, 'wanted'>): Promise<FastifyReply> {
    const context = await this.contextOf(request, 'create');
    const body = (request.body as Uint8Array | undefined) ?? NO_BODY;
    const events = mode === 'binary' ? [fromBinary(request.headers, body)] : fromBody(body, mode);
    const inputs = events.map((event, index) => inputOf(event, mode === 'batch' ? `/${index}` : '', this.parts.ids));
    const message = checked<EmitEventsRequest>(emitEvents, { workspaceId: request.params.workspace, events: inputs });
    const { status, body: written } = await this.accepted.answer(await this.parts.bus.call(emitEvents, message, context));
    return reply.code(status).type(JSON_TYPE).send(written);
  }

  private async show(request: FastifyRequest<EventRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const context = await this.contextOf(request, 'read');
    const { workspace: workspaceId, event: eventId } = request.params;
    const message = checked<GetEventRequest>(getEvent, { workspaceId, eventId });
    const { event } = await this.parts.bus.call(getEvent, message, context);
    if (event === undefined) throw new Error('The service of events answered for an event without it.');
    return reply.type(ONE).send(cloudEventJson(event, this.parts.publicUrl));
  }

  private async list(request: FastifyRequest<WorkspaceRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const context = await this.contextOf(request, 'read');
    const { url = '/' } = request.raw;
    const query = readQuery(queryOf(url));
    const path = { workspace_id: request.params.workspace };
    const message = this.lists.read({ path, query, headers: request.headers, body: NO_BODY });
    const page = this.parts.paging.asked(listEvents, message, context.principal);
    const asked = checked<ListEventsRequest>(listEvents, { ...(page?.message ?? message) });
    const answer = await this.parts.bus.call(listEvents, asked, context);
    page?.seal(answer);
    if (answer.nextCursor !== '') addLink(reply, nextPage(url, answer.nextCursor), 'next');
    return reply.type(MANY).send(`[${answer.items.map((event) => cloudEventJson(event, this.parts.publicUrl)).join(',')}]`);
  }

  private async contextOf(request: FastifyRequest, action: 'create' | 'read'): Promise<CallContext> {
    const { callers, clock } = this.parts;
    const principal = await callers.caller(request);
    request.callerId = principal.id;
    if (principal.kind === 'anonymous') throw signInNeeded();
    demandScope(principal, action, 'events');
    return { principal, correlationId: request.id, deadline: clock.now() + PATIENCE, traceparent: formatTraceparent(traceOf(request)) };
  }
}

/** The message, when it passes the checks of its call. */
function checked<M>(method: DescMethodUnary, values: Readonly<Record<string, unknown>>): M {
  const message = create(method.input, values);
  const errors = problemsOf(method.input, message);
  if (errors.length > 0) throw unfit(errors);
  return message as M;
}

function nextPage(url: string, cursor: string): string {
  const query = new URLSearchParams(queryOf(url));
  query.set('cursor', cursor);
  return `${pathOf(url)}?${query.toString()}`;
}

function routesByMode<H>() {
  const handlers = new Map<unknown, H>();
  return {
    get: (mode: unknown) => handlers.get(mode) ?? null,
    set: (mode: unknown, handler: H) => void handlers.set(mode, handler),
  };
}
