import { deprecationOf, type MethodDeprecation } from '@millrace/contracts';
import type { Log, Metrics } from '@millrace/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { addLink } from '../door/links';
import type { AdmittedCall } from './admitted-call';
import type { CallRoute } from './call-route';

/** Of so many callers it is known at once how often they called; who was not heard of for the longest is forgotten first. */
const MOST_CALLERS = 1_000;

/** Tells who calls what is going away, and the operators who that was and how often, so that they can tell the owners. */
export class Deprecations {
  private readonly declared: ReadonlyMap<CallRoute, MethodDeprecation>;
  private readonly calls: Counter<'method'>;
  /** Calls by method and caller. */
  private readonly uses = new Map<string, number>();

  /** Throws when a deprecation is declared that gives its callers too little time. */
  constructor(
    routes: readonly CallRoute[],
    metrics: Metrics,
    private readonly log: Log,
  ) {
    const declared = routes.map((route) => [route, deprecationOf(route.method)] as const);
    this.declared = new Map(declared.filter((entry): entry is [CallRoute, MethodDeprecation] => entry[1] !== undefined));
    this.calls = metrics.counter(
      'deprecated_calls_total',
      'Calls of methods that are going away, by method and API key; key is empty where none was used.',
      ['method', 'key'],
    );
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
    const caller = `${principal.kind}:${principal.id}`;
    const uses = this.count(`${method} ${caller}`);
    if (!isTold(uses)) return;
    this.log.info('A method was called that is going away.', { method, caller, uses, correlationId });
  }

  private count(use: string): number {
    const uses = (this.uses.get(use) ?? 0) + 1;
    this.uses.delete(use);
    this.uses.set(use, uses);
    const [oldest] = this.uses.keys();
    if (this.uses.size > MOST_CALLERS && oldest !== undefined) this.uses.delete(oldest);
    return uses;
  }
}

/** At the first use, the tenth, the hundredth: who calls a lot is told of, and does not fill the log. */
function isTold(uses: number): boolean {
  return Number.isInteger(Math.log10(uses));
}
