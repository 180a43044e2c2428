import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { Metrics } from '../metrics';
import type { AdminAnswer, Administered } from './administered';
import { changeLogging } from './logging';
import { writeHeapDump } from './heap-dump';

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  /** Opens the routes that change something; they answer 403 to everyone when absent. */
  readonly token?: string;
  /** Folder for heap dumps; they are refused when absent, since they hold secrets. */
  readonly heapDumps?: string;
}

/**
 * The administration port of a process: `GET /livez /readyz /sys/healthcheck /metrics` for anyone who reaches it; `PUT /sys/logging`,
 * `POST /sys/heapdump` for who has the admin token. One a process, whatever number of services it holds.
 */
export class AdminServer {
  private readonly services = new Map<string, Administered>();
  private readonly extraMetrics: Metrics[] = [];
  private readonly server: Server;

  constructor(private readonly options: AdminOptions) {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  /** Adds a service; its health counts from now on. */
  add(service: Administered): void {
    this.services.set(service.health.service, service);
  }

  /** Adds metrics that belong to no service, such as the process's own. */
  addMetrics(metrics: Metrics): void {
    this.extraMetrics.push(metrics);
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
    this.server.close(() => resolve());
    this.server.closeAllConnections();
    await promise;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer(request).catch((error: unknown) => ({
      status: 500,
      body: { detail: error instanceof Error ? error.message : 'The request failed.' },
    }));
    const { status, body, type = 'application/json' } = answer as AdminAnswer;
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<AdminAnswer> {
    const { pathname } = new URL(request.url ?? '/', 'http://admin');
    switch (`${request.method} ${pathname}`) {
      case 'GET /livez':
        return { status: 200, body: { alive: true } };
      case 'GET /readyz':
      case 'GET /sys/healthcheck':
        return this.readiness();
      case 'GET /metrics':
        return this.metrics();
      case 'PUT /sys/logging':
        return this.guarded(request, () => changeLogging(request, [...this.services.values()]));
      case 'POST /sys/heapdump':
        return this.guarded(request, () => writeHeapDump(this.options.heapDumps));
      default:
        return { status: 404, body: { detail: `There is no ${request.method} ${pathname} on the admin port.` } };
    }
  }

  private async readiness(): Promise<AdminAnswer> {
    const services = await Promise.all([...this.services.values()].map(({ health }) => health.report()));
    const ready = services.length > 0 && services.every((service) => service.ready);
    return { status: ready ? 200 : 503, body: { ready, services } };
  }

  private async metrics(): Promise<AdminAnswer> {
    const all = [...[...this.services.values()].map(({ metrics }) => metrics), ...this.extraMetrics];
    const texts = await Promise.all(all.map(({ registry }) => registry.metrics()));
    return { status: 200, body: joinMetrics(texts), type: Registry.PROMETHEUS_CONTENT_TYPE };
  }

  private async guarded(request: IncomingMessage, act: () => Promise<AdminAnswer>): Promise<AdminAnswer> {
    const { token } = this.options;
    if (token === undefined) return { status: 403, body: { detail: 'Set MILLRACE_ADMIN_TOKEN to use this route.' } };
    if (request.headers.authorization !== `Bearer ${token}`) {
      return { status: 401, body: { detail: 'This route wants the admin token: Authorization: Bearer <MILLRACE_ADMIN_TOKEN>.' } };
    }
    return act();
  }
}

/** One exposition of several registries: a metric that several services have is described once. */
function joinMetrics(texts: readonly string[]): string {
  const described = new Set<string>();
  const families = new Map<string, string[]>();
  let family: string[] = [];
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const name = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
    if (name !== undefined) {
      family = families.get(name) ?? [];
      families.set(name, family);
      if (described.has(line)) continue;
      described.add(line);
    }
    if (line !== '') family.push(line);
  }
  return `${[...families.values()].flat().join('\n')}\n`;
}
