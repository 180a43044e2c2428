import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Message, MessageShape } from '@bufbuild/protobuf';
import { demandScope } from '@millrace/auth';
import { HistoryService, problemsOf, type ExportEventsRequest } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import { formatTraceparent, type Log } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
import { mounted } from '../hand-routes/hand-route';
import { EXPORT_EVENTS } from '../hand-routes/events';
import { codingFor } from '../bytes/coding';
import type { AskedPage, Paging } from '../calls/paging';
import { queryOf } from '../door/path';
import { traceOf } from '../door/trace-of';
import { addVary } from '../door/vary';
import { signInNeeded, unfit } from '../problems/refusals';
import type { Routes } from '../routes';
import { readQuery } from '../transcoding/query';
import { RequestReader } from '../transcoding/request-reader';

interface ExportRoute {
  Params: { readonly workspaceId: string };
}

export interface EventExportsParts {
  readonly callers: HttpCallers;
  readonly bus: Bus;
  readonly paging: Paging;
  readonly clock: Clock;
  readonly log: Log;
}

type Portion = MessageShape<(typeof HistoryService.method.exportEvents)['output']>;

const { exportEvents } = HistoryService.method;
const NDJSON = 'application/x-ndjson';
/** Milliseconds until the first events, and between two portions of them. */
const PATIENCE = 60_000;
const NO_BODY = new Uint8Array();

/**
 * Gives the events of a workspace out as lines of JSON, as they are found. Between the events stand lines `{"cursor":"…"}`, and at the end
 * `{"cursor":"…","complete":true}`: an export that broke off goes on with the last cursor that came.
 */
export class EventExports implements Routes {
  private readonly reader = new RequestReader(exportEvents, { verb: 'get', path: '/v1/workspaces/{workspace_id}/events:export' });

  constructor(private readonly parts: EventExportsParts) {}

  mount(fastify: FastifyInstance): void {
    fastify.route<ExportRoute>({
      ...mounted(EXPORT_EVENTS, { isNeverPacked: true }),
      handler: (request, reply) => this.serve(request, reply),
    });
  }

  private async serve(request: FastifyRequest<ExportRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { callers, bus, paging, clock } = this.parts;
    const principal = await callers.caller(request);
    request.callerId = principal.id;
    if (principal.kind === 'anonymous') throw signInNeeded();
    demandScope(principal, 'export', 'events');
    const message = this.read(request);
    const page = paging.asked(exportEvents, message, principal);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const context = {
      principal,
      correlationId: request.id,
      deadline: clock.now() + PATIENCE,
      traceparent: formatTraceparent(traceOf(request)),
    };
    const portions = bus.stream(exportEvents, (page?.message ?? message) as ExportEventsRequest, { ...context, signal: gone.signal });
    // What is refused is refused before anything was sent.
    const first = await portions.next();
    return this.pour(request, reply, linesOf(first.done === true ? undefined : first.value, portions, page));
  }

  private read(request: FastifyRequest<ExportRoute>): Message {
    const message = this.reader.read({
      path: { workspace_id: request.params.workspaceId },
      query: readQuery(queryOf(request.raw.url ?? '')),
      headers: request.headers,
      body: NO_BODY,
    });
    const errors = problemsOf(exportEvents.input, message);
    if (errors.length > 0) throw unfit(errors);
    return message;
  }

  /** A stream that breaks off breaks the connection, so that nobody takes a part for the whole. */
  private pour(request: FastifyRequest, reply: FastifyReply, lines: AsyncGenerator<Uint8Array>): FastifyReply {
    addVary(reply, 'Accept-Encoding');
    reply.headers({ 'content-type': NDJSON, 'cache-control': 'no-store' });
    const source = Readable.from(lines, { objectMode: false });
    if (codingFor(request.headers['accept-encoding'], ['gzip']) === undefined) return reply.send(source);
    const packed = pipeline(source, createGzip(), (error) => {
      if (error) this.parts.log.warn('An export of events broke off.', { error, correlationId: request.id });
    });
    return reply.header('content-encoding', 'gzip').send(packed);
  }
}

async function* linesOf(
  first: Portion | undefined,
  others: AsyncGenerator<Portion>,
  page: AskedPage | undefined,
): AsyncGenerator<Uint8Array> {
  for (let portion = first; portion !== undefined; portion = await nextOf(others)) {
    const { lines, complete } = portion;
    yield lines;
    page?.seal(portion);
    const cursor = portion.nextCursor;
    yield Buffer.from(`${JSON.stringify({ cursor, ...(complete ? { complete } : {}) })}\n`);
  }
}

async function nextOf(portions: AsyncGenerator<Portion>): Promise<Portion | undefined> {
  const next = await portions.next();
  return next.done === true ? undefined : next.value;
}
