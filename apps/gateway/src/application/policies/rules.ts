import type { Rate } from '../../domain/policies/rate';
import type { Bearable, Turn } from '../../domain/policies/pressure';

/** Whose requests a limit counts together. */
export type CountedBy = 'principal' | 'address' | 'user' | 'workspace';

/** One limit of one class. */
export interface Limit {
  /** Unique among all limits: what its keys begin with, and what answers call it. */
  readonly name: string;
  readonly by: CountedBy;
  readonly rate: Rate;
  /** Each request is counted in the store that all gateways share, and guessed at with a tenth while it is away. */
  readonly strict: boolean;
  /** Milliseconds for which nothing is admitted once it is overrun. */
  readonly closes?: number;
}

/** What holds for requests of one class. */
export interface ClassRules {
  readonly limits: readonly Limit[];
  /** Milliseconds until the caller is answered. */
  readonly timeout: number;
  readonly turn: Turn;
}

/** The forwarding header that proxies of these networks are believed. */
export interface TrustedProxies {
  readonly addresses: readonly string[];
  readonly header: 'forwarded' | 'x-forwarded-for' | 'x-real-ip';
}

/** What an operator says of the requests that match. */
export interface RouteRule {
  readonly path: RegExp;
  readonly method?: string;
  readonly host?: string;
  readonly class?: string;
  /** In place of those of the class. */
  readonly limits?: readonly Limit[];
  readonly timeout?: number;
  /** Most bytes of a body. */
  readonly body?: number;
  /** Nothing is served there. */
  readonly off: boolean;
  /** The pattern as it is written. */
  readonly written: string;
}

/** All that operators can set of how the gateway treats requests. Replaced as a whole. */
export interface GatewayRules {
  readonly classes: ReadonlyMap<string, ClassRules>;
  /** What is borne before the first are refused. */
  readonly bearable: Bearable;
  /** Origins whose pages may call, besides those of the environment. */
  readonly origins: readonly string[];
  readonly trustedProxies: readonly TrustedProxies[];
  readonly blacklist: { readonly addresses: readonly string[]; readonly paths: readonly RegExp[] };
  /** What is said to callers of a workspace that is closed for a while, by its id or slug as the path names it. */
  readonly maintenance: ReadonlyMap<string, string>;
  /** More headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly routes: readonly RouteRule[];
}

/** The rules that hold now. Who keeps something made of them makes it anew when it is told. */
export class RulesInForce {
  private readonly told: ((rules: GatewayRules) => void)[] = [];
  private rates: ReadonlyMap<string, Rate>;

  constructor(private rules: GatewayRules) {
    this.rates = ratesOf(rules);
  }

  get current(): GatewayRules {
    return this.rules;
  }

  /** Calls at once, and after each change. */
  follow(told: (rules: GatewayRules) => void): void {
    this.told.push(told);
    told(this.rules);
  }

  replace(rules: GatewayRules): void {
    this.rules = rules;
    this.rates = ratesOf(rules);
    for (const tell of this.told) tell(rules);
  }

  /** What holds for a class; for one that nobody declared, what holds for changes. */
  classNamed(name: string): ClassRules {
    const rules = this.rules.classes.get(name) ?? this.rules.classes.get('write');
    if (rules === undefined) throw new Error('The rules of the gateway have no class "write".');
    return rules;
  }

  /** The rate of the limit with this name. */
  rateNamed(name: string): Rate | undefined {
    return this.rates.get(name);
  }
}

function ratesOf({ classes, routes }: GatewayRules): ReadonlyMap<string, Rate> {
  const all = [...[...classes.values()].flatMap((each) => each.limits), ...routes.flatMap(({ limits = [] }) => limits)];
  return new Map(all.map(({ name, rate }) => [name, rate]));
}
