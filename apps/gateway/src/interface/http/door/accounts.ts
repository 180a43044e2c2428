import type { Log, Metrics } from '@millrace/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter, Histogram } from 'prom-client';
import { pathOf } from './path';
import { linkedTrace, traceOf } from './trace-of';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What kind of route this is, for metrics and limits (`api.md` §6). */
    routeClass?: string;
  }
  interface FastifyRequest {
    /** The kind of the route in hand, when one path serves several. */
    routeClass?: string;
    /** Who was found to be calling. */
    callerId?: string;
  }
}

interface Account {
  readonly requests: Counter.Internal;
  readonly seconds: Histogram.Internal<string>;
}

/** Counts and times the answers by kind of route and class of status, and tells the log of each. */
export class Accounts {
  private readonly requests: Counter<'class' | 'status'>;
  private readonly seconds: Histogram<'class'>;
  private readonly known = new Map<string, Account>();

  constructor(
    metrics: Metrics,
    private readonly log: Log,
  ) {
    this.requests = metrics.counter('http_requests_total', 'Requests answered, by class of route and of status.', ['class', 'status']);
    this.seconds = metrics.seconds('http_request_seconds', 'Seconds from a request to the end of its answer, by class of route.', [
      'class',
    ]);
  }

  enter(request: FastifyRequest, reply: FastifyReply): void {
    const routeClass = request.routeClass ?? request.routeOptions.config.routeClass ?? 'page';
    const { requests, seconds } = this.accountOf(routeClass, reply.statusCode);
    const milliseconds = reply.elapsedTime;
    requests.inc();
    seconds.observe(milliseconds / 1000);
    const linked = linkedTrace(request);
    this.log.debug('Answered.', {
      method: request.method,
      path: pathOf(request.raw.url ?? ''),
      status: reply.statusCode,
      milliseconds: Math.round(milliseconds * 10) / 10,
      correlationId: request.id,
      traceId: traceOf(request).traceId,
      ...(linked === undefined ? {} : { linkedTraceId: linked }),
      user: request.callerId,
    });
  }

  private accountOf(routeClass: string, statusCode: number): Account {
    const status = `${Math.floor(statusCode / 100)}xx`;
    const name = `${routeClass} ${status}`;
    const account = this.known.get(name) ?? {
      requests: this.requests.labels(routeClass, status),
      seconds: this.seconds.labels(routeClass),
    };
    this.known.set(name, account);
    return account;
  }
}
