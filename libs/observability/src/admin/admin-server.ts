import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { Log } from '../log/log';
import type { Metrics } from '../metrics';
import type { AdminAnswer, Administered, ShownSettings } from './administered';
import { writeHeapDump, type RecordHeapDump } from './heap-dump';
import { joinedMetrics } from './joined-metrics';
import { TemporaryLogging } from './logging';
import { Operators, type Access, type IdentifyOperator, type Operator } from './operators';
import { cpuProfile } from './profile';
import { Readiness } from './readiness';

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  /** Lets in whoever has it, besides operators with an access token. */
  readonly token?: string;
  /** Folder for heap dumps; they are refused when absent, since they hold secrets. */
  readonly heapDumps?: string;
  /** The services the process will hold: it has not started before each is there. */
  readonly services?: readonly string[];
  /** The settings of the process, besides those of its services. */
  readonly settings?: ShownSettings;
  /** Told of requests that failed; what went wrong goes to nobody else. */
  readonly log?: Log;
}

interface Request {
  readonly query: URLSearchParams;
  /** The body, read when it is asked for. */
  readonly body: () => Promise<string>;
  readonly by: Operator;
}

interface Route {
  readonly access: Access;
  readonly answer: (request: Request) => AdminAnswer | Promise<AdminAnswer>;
}

const BODY_LIMIT = 4_096;
const ANYONE: Operator = { kind: 'anonymous', id: 'anonymous' };

/**
 * The administration port of a process, one whatever number of services it holds. Health and metrics are for anyone who reaches it; the rest
 * is for who has the admin token or is an operator of the platform.
 */
export class AdminServer {
  private readonly services = new Map<string, Administered>();
  private readonly extraMetrics: Metrics[] = [];
  private readonly logging = new TemporaryLogging();
  private readonly operators: Operators;
  private readonly routes: ReadonlyMap<string, Route>;
  private readonly server: Server;
  private recordHeapDump?: RecordHeapDump;

  constructor(private readonly options: AdminOptions) {
    this.operators = new Operators(options.token);
    this.routes = this.routed(new Readiness(this.services, new Set(options.services ?? [])));
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  /** Adds a service, or what is known of it by now; its health counts from now on. */
  add(service: Administered): void {
    this.services.set(service.health.service, service);
  }

  /** Adds metrics that belong to no service, such as the process's own. */
  addMetrics(metrics: Metrics): void {
    this.extraMetrics.push(metrics);
  }

  /** From now on operators may come with their access tokens. */
  identifyBy(identify: IdentifyOperator): void {
    this.operators.identifyBy(identify);
  }

  /** From now on heap dumps can be written, if they are allowed at all. */
  recordHeapDumpsBy(record: RecordHeapDump): void {
    this.recordHeapDump = record;
  }

  /** Resolves with the port when it listens; rejects as `node:net` does (`EADDRINUSE` …). */
  async listen(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.server.once('error', reject);
    this.server.listen(this.options.port, this.options.host, resolve);
    await promise;
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.logging.close();
    this.server.close(() => resolve());
    this.server.closeAllConnections();
    await promise;
  }

  private routed(readiness: Readiness): ReadonlyMap<string, Route> {
    const open = (answer: Route['answer']): Route => ({ access: 'open', answer });
    const operator = (answer: Route['answer']): Route => ({ access: 'operator', answer });
    return new Map([
      ['GET /livez', open(() => ({ status: 200, body: { alive: true } }))],
      ['GET /startupz', open(() => readiness.startup())],
      ['GET /readyz', open(({ query }) => readiness.readiness(query.has('verbose')))],
      ['GET /sys/healthcheck', open(({ query }) => readiness.readiness(query.has('verbose')))],
      ['GET /metrics', open(() => this.metrics())],
      ['GET /sys/config', operator(() => this.shown(({ settings }) => settings ?? {}, this.options.settings))],
      ['GET /sys/routes', operator(() => this.shown(({ surface }) => surface?.list() ?? []))],
      ['PUT /sys/logging', operator(async ({ body }) => this.logging.change(await body(), [...this.services.values()], Date.now()))],
      ['POST /sys/profile', operator(({ query }) => cpuProfile(query.get('seconds')))],
      ['POST /sys/heapdump', { access: 'admin', answer: ({ by }) => this.heapDump(by) }],
    ]);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer(request).catch((error: unknown) => this.failure(error));
    const { status, body, type = 'application/json' } = answer;
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  private failure(error: unknown): AdminAnswer {
    this.options.log?.error('A request to the admin port failed.', { error });
    return { status: 500, body: { detail: 'The request failed. The log says why.' } };
  }

  private async answer(request: IncomingMessage): Promise<AdminAnswer> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const route = this.routes.get(`${request.method} ${path}`) ?? this.questionAt(`${request.method} ${path}`);
    if (route === undefined) return { status: 404, body: { detail: 'There is no such route on the admin port.' } };
    const by = route.access === 'open' ? ANYONE : await this.operators.admit(request.headers.authorization, route.access);
    if ('status' in by) return by;
    return route.answer({ query: new URLSearchParams(query), body: () => read(request), by });
  }

  /** What a service lets operators ask. */
  private questionAt(methodAndPath: string): Route | undefined {
    const [, service = '', question = ''] = /^GET \/sys\/([a-z]+)\/([a-z]+)$/.exec(methodAndPath) ?? [];
    const answer = this.services.get(service)?.surface?.questionNamed(question);
    return answer && { access: 'operator', answer: ({ query }) => ({ status: 200, body: answer(query) }) };
  }

  private async metrics(): Promise<AdminAnswer> {
    const all = [...[...this.services.values()].map(({ metrics }) => metrics), ...this.extraMetrics];
    return { status: 200, body: await joinedMetrics(all), type: Registry.PROMETHEUS_CONTENT_TYPE };
  }

  private shown(of: (service: Administered) => unknown, process?: unknown): AdminAnswer {
    const services = [...this.services].map(([name, service]) => [name, of(service)]);
    return { status: 200, body: { ...(process === undefined ? {} : { process }), ...Object.fromEntries(services) } };
  }

  private heapDump(by: Operator): Promise<AdminAnswer> {
    return writeHeapDump({ folder: this.options.heapDumps, record: this.recordHeapDump }, by);
  }
}

/** The text of a body; what is longer than any request of this port is read as nothing. */
async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > BODY_LIMIT) return '';
  }
  return text;
}
