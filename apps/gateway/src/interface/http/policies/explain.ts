import { permissionOf } from '@millrace/contracts';
import type { FastifyInstance } from 'fastify';
import type { GatewayRules, Limit, RouteRule, RulesInForce } from '../../../application/policies/rules';
import type { CallRoute } from '../calls/call-route';
import type { RouteTable } from '../calls/route-table';
import { ruleFor } from './route-rules';
import { workspaceIn } from './workspace-in-path';

export interface ExplainParts {
  readonly rules: RulesInForce;
  readonly table: RouteTable<CallRoute>;
  /** Gateways that share the limits. */
  readonly gateways: () => number;
  /** Services that do not answer and are left in peace. */
  readonly resting: () => readonly string[];
}

interface Found {
  readonly route: string;
  readonly class: string;
  readonly permission?: string;
  /** Milliseconds that the route itself says. */
  readonly timeout?: number;
}

interface Mounted {
  readonly method: string;
  readonly url: string;
  readonly pattern: RegExp;
  readonly class: string;
}

/** When a class is refused under overload. */
const TURNS = { 1: 'first', 2: 'second', 3: 'third', 4: 'last' } as const;

/** Says what holds for a request before it is made: which route, class, limits and deadline, and why. */
export class Explain {
  private readonly mounted: Mounted[] = [];

  constructor(private readonly parts: ExplainParts) {}

  /** Sees the routes that are no calls as they are put on the door. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url, config }) => {
      const routeClass = config?.routeClass;
      if (routeClass === undefined) return;
      for (const each of [method].flat()) this.mounted.push({ method: each, url, pattern: patternOf(url), class: routeClass });
    });
  }

  /** `host` may be empty. */
  of(method: string, path: string, host = ''): Readonly<Record<string, unknown>> {
    const { rules, gateways, resting } = this.parts;
    const { class: usual, timeout, ...found } = this.find(method, path);
    const rule = ruleFor(rules.current.routes, method, path, host);
    const name = rule?.class ?? usual;
    const ofClass = rules.classNamed(name);
    return withoutUndefined({
      ...{ method, path, ...found, class: name, rule: rule?.written },
      refused: closedBecause(rules.current, path, rule),
      limits: (rule?.limits ?? ofClass.limits).map(shown),
      gateways: gateways(),
      resting: resting(),
      timeoutSeconds: (rule?.timeout ?? timeout ?? ofClass.timeout) / 1000,
      overload: ofClass.turn === undefined ? 'never refused' : `refused ${TURNS[ofClass.turn]}`,
      mostBytes: rule?.body,
    });
  }

  private find(method: string, path: string): Found {
    const call = this.parts.table.find(method, path);
    const mounted = this.mounted
      .filter((each) => each.method === method && each.pattern.test(path))
      .sort((a, b) => b.url.length - a.url.length)[0];
    if (call === undefined) {
      if (path === '/healthz') return { route: path, class: 'health' };
      return mounted === undefined ? { route: 'none that is known', class: 'page' } : { route: mounted.url, class: mounted.class };
    }
    const { routeClass, timeout, policy } = call;
    return { route: call.path, class: routeClass, permission: permissionOf(policy), ...(timeout === undefined ? {} : { timeout }) };
  }
}

function shown({ name, by, rate, strict, closes }: Limit): Readonly<Record<string, unknown>> {
  const closesForSeconds = closes === undefined ? undefined : closes / 1000;
  return withoutUndefined({ name, by, allowed: rate.limit, seconds: rate.window / 1000, atOnce: rate.burst, strict, closesForSeconds });
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function closedBecause({ blacklist, maintenance }: GatewayRules, path: string, rule: RouteRule | undefined): string | undefined {
  if (blacklist.paths.some((denied) => denied.test(path))) return 'The path is on the blacklist.';
  if (rule?.off === true) return 'The rule of this path turns it off.';
  const text = maintenance.get(workspaceIn(path) ?? '');
  return text === undefined ? undefined : `Maintenance: ${text}`;
}

/** `/e/:workspace/*`: a name is one part, or what its pattern says, a star the rest; two colons are one. */
function patternOf(url: string): RegExp {
  const source = url
    .split(/(:\w+(?:\([^)]*\))?|::|\*)/)
    .map((piece) => PIECES.get(piece) ?? (piece.startsWith(':') ? '[^/]+' : piece.replaceAll(/[.+^${}()|[\]\\?]/g, String.raw`\$&`)))
    .join('');
  return new RegExp(`^${source}$`);
}

const PIECES: ReadonlyMap<string, string> = new Map([
  ['*', '.*'],
  ['::', ':'],
]);
