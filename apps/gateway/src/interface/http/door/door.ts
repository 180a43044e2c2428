import type { IncomingMessage, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Log, Metrics, Surface } from '@millrace/observability';
import { listeningRefused } from '@millrace/service';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { Expectations } from '../bytes/expectations';
import { packAnswers } from '../bytes/packing';
import { Resting } from '../bytes/resting';
import { Arrivals } from '../bodies/arrivals';
import { demandTakingOf } from '../bodies/departures';
import { PROBLEM_TYPE, Problems } from '../problems/problem';
import { routeUnknown } from '../problems/refusals';
import { Accounts } from './accounts';
import { answerClient, clientRefusal } from './client-error';
import { answerOrigin } from './cors';
import { doorRefusal } from './door-refusals';
import { EndpointOrigin } from './endpoint-origin';
import { checkHeaders } from './headers-in';
import { headersOut } from './headers-out';
import type { Origins } from '../origins';
import { checkPath, pathOf, slashEncoded } from './path';
import { requestIdOf } from './request-id';
import { traceOf } from './trace-of';

export interface DoorOptions {
  readonly host: string;
  readonly port: number;
  /** How the world reaches this door, without a slash at the end. */
  readonly publicUrl: string;
  /** Whose pages may call. */
  readonly origins: Origins;
  /** The origin at which only what authors and users wrote is served, if there is one. */
  readonly endpointOrigin?: EndpointOrigin;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told of each route that is put on the door. */
  readonly surface?: Surface;
  /** Makes the id of a request that brings none. */
  mintRequestId(): string;
  /** Whether a request to upgrade is served as a connection; others go on as plain requests. */
  readonly shouldUpgrade: (request: IncomingMessage) => boolean;
}

/** Bytes of a body and of all headers, characters of one part of a path, milliseconds in which headers, then a body must arrive, and
 * in which what is under way may arrive when the door closes. */
const LIMITS = { body: 1_048_576, headers: 16_384, parameter: 8_192, arrival: 30_000, lingering: 10_000, closing: 1_000 } as const;

/**
 * The public door: Fastify, set so that a path means one thing, every answer carries what `api.md` §2 says, and whatever is thrown
 * leaves as a problem. Routes are added by whoever serves them.
 */
export class Door extends FastifyAdapter {
  private readonly problems: Problems;
  private readonly always: Readonly<Record<string, string>>;

  constructor(private readonly settings: DoorOptions) {
    super({
      ...fastifyOptions(settings),
      skipMiddie: true,
      multipart: false,
      frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
        this.greet(request, reply);
        this.answerError(error, request, reply);
      },
      clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => this.answerNoRequest(error, socket),
    });
    this.problems = new Problems(settings.publicUrl, settings.log);
    this.always = headersOut(settings.publicUrl.startsWith('https:'));
    this.prepare(this.getInstance(), new Accounts(settings.metrics, settings.log));
  }

  /** Ours from the start: Nest's own would answer in another form. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }

  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance();
  }

  override listen(port: string | number, ...rest: unknown[]): unknown {
    const done = rest.at(-1) as (error?: unknown) => void;
    const { host } = this.settings;
    // Nest listens for the bare error and would reject with it before the callback can say more.
    this.getHttpServer().removeAllListeners('error');
    return super.listen(port, host, (error?: Error | null) => {
      if (error == null) done();
      else done(listeningRefused(error, host, Number(port), 'MILLRACE_PORT'));
    });
  }

  /** What an error is as a problem of this request. */
  problemOf(error: unknown, request: FastifyRequest): ReturnType<Problems['of']> {
    return this.problems.of(doorRefusal(error), {
      path: pathOf(request.raw.url ?? '/'),
      requestId: request.id,
      traceId: traceOf(request).traceId,
    });
  }

  private prepare(instance: FastifyInstance, accounts: Accounts): void {
    instance.decorateRequest('trace');
    instance.decorateRequest('problemCode');
    instance.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) this.settings.surface?.add({ method: each, path: url });
    });
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const { origins, endpointOrigin = new EndpointOrigin(undefined) } = this.settings;
    const arrivals = new Arrivals({ patience: LIMITS.arrival, lingering: LIMITS.lingering }, (request) => this.answerTooLate(request));
    instance.addHook('onRequest', (request, reply, done) => {
      this.greet(request, reply);
      arrivals.watch(request, reply);
      endpointOrigin.check(request);
      checkHeaders(request.raw.rawHeaders);
      checkPath(request.raw.url ?? '/');
      if (!answerOrigin(request, reply, origins)) done();
    });
    new Resting(LIMITS.closing).mount(instance);
    new Expectations().mount(instance);
    packAnswers(instance);
    demandTakingOf(instance);
    instance.addHook('onResponse', (request, reply, done) => {
      accounts.enter(request, reply);
      done();
    });
    instance.setErrorHandler((error, request, reply) => this.answerError(error, request, reply));
    instance.setNotFoundHandler((request, reply) => this.answerError(notFound(request), request, reply));
  }

  private greet(request: FastifyRequest, reply: FastifyReply): void {
    reply.headers(this.always).header('x-request-id', request.id);
  }

  private answerTooLate({ raw: { socket } }: FastifyRequest): void {
    this.answerNoRequest(Object.assign(new Error('The body did not arrive.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  }

  private answerNoRequest(error: NodeJS.ErrnoException, socket: Socket): void {
    const refusal = clientRefusal(error, socket);
    if (refusal === undefined) socket.destroy();
    else answerClient(socket, this.problems.of(refusal, { path: '/', requestId: this.settings.mintRequestId(), traceId: '' }));
  }

  private answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { code, status, headers, body } = this.problemOf(error, request);
    request.problemCode = code;
    reply.code(status).headers(headers).type(PROBLEM_TYPE).send(body);
  }
}

function notFound({ raw: { url = '/' } }: FastifyRequest): Error {
  return /%2f/i.test(pathOf(url)) ? slashEncoded() : routeUnknown();
}

function fastifyOptions(settings: DoorOptions): FastifyServerOptions & { readonly http: ServerOptions } {
  return {
    bodyLimit: LIMITS.body,
    genReqId: (request) => requestIdOf(request.headers['x-request-id'], () => settings.mintRequestId()),
    requestIdHeader: false,
    trustProxy: false,
    // Bodies have times of their own, by route.
    requestTimeout: 0,
    exposeHeadRoutes: true,
    http: { maxHeaderSize: LIMITS.headers, headersTimeout: LIMITS.arrival, shouldUpgradeCallback: settings.shouldUpgrade },
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false, ignoreDuplicateSlashes: false, maxParamLength: LIMITS.parameter },
  };
}
