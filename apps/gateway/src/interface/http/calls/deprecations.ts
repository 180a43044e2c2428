import { deprecationOf, type MethodDeprecation } from '@millrace/contracts';
import type { Log, Metrics } from '@millrace/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { addLink } from '../door/links';
import type { AdmittedCall } from './admitted-call';
import type { CallRoute } from './call-route';

/** Tells who calls what is going away, and the operators who that was. */
export class Deprecations {
  private readonly declared: ReadonlyMap<CallRoute, MethodDeprecation>;
  private readonly calls: Counter<'method'>;

  /** Throws when a deprecation is declared that gives its callers too little time. */
  constructor(
    routes: readonly CallRoute[],
    metrics: Metrics,
    private readonly log: Log,
  ) {
    const declared = routes.map((route) => [route, deprecationOf(route.method)] as const);
    this.declared = new Map(declared.filter((entry): entry is [CallRoute, MethodDeprecation] => entry[1] !== undefined));
    this.calls = metrics.counter('deprecated_calls_total', 'Calls of methods that are going away, by method.', ['method']);
  }

  /** Says so on the answer, whatever it will be (RFC 9745, RFC 8594). */
  tell({ id: correlationId }: FastifyRequest, reply: FastifyReply, { route, principal }: AdmittedCall): void {
    const deprecation = this.declared.get(route);
    if (deprecation === undefined) return;
    const { since, sunset, link } = deprecation;
    const method = `${route.method.parent.typeName}.${route.method.name}`;
    reply.header('deprecation', `@${since / 1000}`).header('sunset', new Date(sunset).toUTCString());
    addLink(reply, link, 'deprecation');
    this.calls.inc({ method });
    this.log.info('A method was called that is going away.', { method, caller: `${principal.kind}:${principal.id}`, correlationId });
  }
}
