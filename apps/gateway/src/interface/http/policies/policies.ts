import { hash } from 'node:crypto';
import type { Principal } from '@millrace/kernel';
import type { Metrics } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import type { Counted, Limiter, Outcome } from '../../../application/policies/limits/limiter';
import type { SignInTally } from '../../../application/policies/limits/sign-in-tally';
import type { Overload } from '../../../application/policies/overload';
import type { GatewayRules, RouteRule, RulesInForce } from '../../../application/policies/rules';
import { pathOf } from '../door/path';
import { routeUnknown } from '../problems/refusals';
import type { Routes } from '../routes';
import { ClientAddresses, counted } from './client-address';
import { sayLimit } from './limit-headers';
import { Networks } from './networks';
import { addressDenied, bodyTooLarge, tooMany, underMaintenance } from './refusals';
import { ruleFor } from './route-rules';
import { workspaceIn } from './workspace-in-path';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler finds out who is calling, and has the request counted by `Policies.count`. */
    isCountedByHandler?: boolean;
  }
  interface FastifyRequest {
    /** From where the request really comes; undefined: it cannot be said. */
    address?: string | undefined;
    /** What the operators say of such requests. */
    rule?: RouteRule | undefined;
    isCounted?: boolean;
  }
}

export interface PoliciesParts {
  readonly rules: RulesInForce;
  readonly limiter: Limiter;
  readonly overload: Overload;
  readonly metrics: Metrics;
  /** The class of a request by its path, where the door does not know it before it looks closer. */
  readonly classOf: (method: string, path: string) => string | undefined;
}

/** The class that names and passwords are counted in. */
const PASSWORD = 'password';

/** What holds for every request before somebody serves it: lists, maintenance, overload, limits (`api.md` §6). */
export class Policies implements Routes {
  private addresses = new ClientAddresses([]);
  private denied = new Networks([]);
  private readonly refused: Counter<'class' | 'why'>;

  constructor(private readonly parts: PoliciesParts) {
    this.refused = parts.metrics.counter('gateway_refused_total', 'Requests refused by limits, lists or for overload.', ['class', 'why']);
    parts.rules.follow(({ trustedProxies, blacklist }) => {
      this.addresses = new ClientAddresses(trustedProxies);
      this.denied = new Networks(blacklist.addresses);
    });
  }

  mount(fastify: FastifyInstance): void {
    fastify.decorateRequest('address');
    fastify.decorateRequest('rule');
    fastify.decorateRequest('isCounted', false);
    fastify.addHook('onRequest', (request, reply, done) => {
      this.enter(request, reply);
      const turn = isHealth(request) ? undefined : this.parts.overload.turn();
      if (turn === undefined) done();
      else void turn.then(() => done());
    });
    fastify.addHook('preParsing', async (request, reply) => {
      if (request.routeOptions.config.isCountedByHandler !== true) await this.count(request, reply, request.call?.principal);
    });
    fastify.addHook('onError', async (request, reply) => {
      if (request.isCounted !== true) await this.countRefused(request, reply);
    });
  }

  /** Counts a request once against the limits of its class. Refuses (`gateway.rate_limited`) what is beyond them. */
  async count(request: FastifyRequest, reply: FastifyReply, principal?: Principal): Promise<void> {
    request.isCounted = true;
    this.judge(classOf(request), reply, await this.admit(request, principal));
  }

  /** Counts a try to sign in, by where it comes from and by the name that is given, whether or not somebody has it. */
  async countSignIn(request: FastifyRequest, reply: FastifyReply, user: string): ReturnType<SignInTally> {
    const { limiter } = this.parts;
    const whose = { ...this.countedAs(request, undefined), user: hash('sha256', user.trim().toLowerCase()) };
    this.judge(PASSWORD, reply, await limiter.admit(PASSWORD, whose));
    return () => limiter.giveBack(PASSWORD, whose);
  }

  /** Milliseconds until the caller is answered. `declared`: what the route says of itself. */
  patience(request: FastifyRequest, declared?: number): number {
    return request.rule?.timeout ?? declared ?? this.parts.rules.classNamed(classOf(request)).timeout;
  }

  private judge(name: string, reply: FastifyReply, outcome: Outcome | undefined): void {
    if (outcome === undefined) return;
    sayLimit(reply, outcome);
    if (outcome.standing.admitted) return;
    this.refused.inc({ class: name, why: 'limit' });
    throw tooMany(outcome);
  }

  private enter(request: FastifyRequest, reply: FastifyReply): void {
    const { rules } = this.parts;
    const { current } = rules;
    const path = pathOf(request.raw.url ?? '/');
    request.address = this.addresses.of(request.socket.remoteAddress, request.headers);
    request.comesByTrusted = this.addresses.isTrusted(request.socket.remoteAddress);
    for (const name in current.headers) reply.header(name, current.headers[name]);
    if (isHealth(request)) return;
    if (request.address !== undefined && this.denied.has(request.address)) throw this.tell(request, 'list', addressDenied());
    this.checkPath(request, path, current);
    this.checkOverload(request, path);
  }

  private checkPath(request: FastifyRequest, path: string, { blacklist, maintenance, routes }: GatewayRules): void {
    if (blacklist.paths.some((denied) => denied.test(path))) throw this.tell(request, 'list', routeUnknown());
    if (routes.length > 0) this.checkRule(request, ruleFor(routes, request.method, path, request.host));
    if (maintenance.size === 0) return;
    const text = maintenance.get(workspaceIn(path) ?? '');
    if (text !== undefined) throw this.tell(request, 'maintenance', underMaintenance(text));
  }

  private checkRule(request: FastifyRequest, rule: RouteRule | undefined): void {
    request.rule = rule;
    if (rule === undefined) return;
    if (rule.off) throw this.tell(request, 'list', routeUnknown());
    if (rule.class !== undefined) request.routeClass = rule.class;
    if (rule.body !== undefined && bytesOf(request) > rule.body) throw this.tell(request, 'body', bodyTooLarge(rule.body));
  }

  private checkOverload(request: FastifyRequest, path: string): void {
    const { overload, classOf: classByPath } = this.parts;
    if (!overload.isPressed) return;
    const name = request.rule?.class ?? request.routeOptions.config.routeClass ?? classByPath(request.method, path) ?? 'page';
    request.routeClass = name;
    try {
      overload.check(name);
    } catch (error) {
      request.isCounted = true;
      throw this.tell(request, 'overload', error);
    }
  }

  /** Who is refused before anybody counts is counted by where it comes from; the refusal stays what it is. */
  private async countRefused(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    request.isCounted = true;
    const outcome = await this.admit(request, undefined);
    if (outcome !== undefined) sayLimit(reply, outcome);
  }

  private admit(request: FastifyRequest, principal: Principal | undefined): Promise<Outcome | undefined> {
    return this.parts.limiter.admit(classOf(request), this.countedAs(request, principal), request.rule?.limits);
  }

  private countedAs(request: FastifyRequest, principal: Principal | undefined): Counted {
    const address = counted(request.address);
    const workspace = workspaceIn(pathOf(request.raw.url ?? ''));
    const isKnown = principal !== undefined && principal.id !== 'anonymous';
    return {
      ...(isKnown ? { principal: principal.id } : {}),
      ...(address === undefined ? {} : { address }),
      ...(workspace === undefined ? {} : { workspace }),
    };
  }

  private tell<E>(request: FastifyRequest, why: string, refusal: E): E {
    this.refused.inc({ class: classOf(request), why });
    return refusal;
  }
}

function classOf(request: FastifyRequest): string {
  if (isHealth(request)) return 'health';
  return request.rule?.class ?? request.routeClass ?? request.routeOptions.config.routeClass ?? 'page';
}

/** A balancer must see that this gateway is there whatever else holds. */
function isHealth({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === '/healthz';
}

/** Bytes of the body; of one that does not say, more than any rule allows. */
function bytesOf({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}
