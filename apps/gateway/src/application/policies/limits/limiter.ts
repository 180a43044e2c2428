import type { Clock } from '@millrace/kernel';
import type { Standing } from '../../../domain/policies/gcra';
import type { Ledger } from '../../../domain/policies/ledger';
import type { Limit, RulesInForce } from '../rules';
import type { SharedUse } from './shared-use';
import type { StrictCounts } from './strict-counts';

/** Whose request it is. */
export interface Counted {
  /** Id of the principal; undefined: nobody is known to be calling. */
  readonly principal?: string;
  /** Where it comes from, as addresses are told apart; undefined: that cannot be said. */
  readonly address?: string;
  /** Name of the account that somebody wants to sign in to. */
  readonly user?: string;
  /** The workspace as the path names it. */
  readonly workspace?: string;
}

/** How a request stands with the limit that leaves it the least. */
export interface Outcome {
  readonly limit: Limit;
  readonly standing: Standing;
}

export interface LimiterParts {
  readonly rules: RulesInForce;
  readonly ledger: Ledger;
  readonly strict: StrictCounts;
  readonly shared: Pick<SharedUse, 'members'>;
  readonly clock: Clock;
}

/** What all are counted as who cannot be told apart. */
const UNKNOWN = 'unknown';
/** A share of fewer than so many would be nothing: they are counted in the store when there are several gateways. */
const FEW = 60;

/** Counts requests against the limits of their class. */
export class Limiter {
  constructor(private readonly parts: LimiterParts) {}

  /** Asks for one request of a class; undefined: nothing limits it. A route may have limits of its own in place of the class's. */
  async admit(className: string, counted: Counted, own?: readonly Limit[]): Promise<Outcome | undefined> {
    const limits = own ?? this.parts.rules.classNamed(className).limits;
    let least: Outcome | undefined;
    for (const [limit, key] of keysOf(limits, counted)) {
      const standing = this.isInStore(limit)
        ? await this.parts.strict.take(limit, key)
        : this.parts.ledger.take(key, limit.rate, this.parts.clock.now());
      if (!standing.admitted) return { limit, standing };
      if (least === undefined || roomOf({ limit, standing }) < roomOf(least)) least = { limit, standing };
    }
    return least;
  }

  /** Takes back what `admit` counted of a strict class, for whom it turned out not to be meant. */
  async giveBack(className: string, counted: Counted): Promise<void> {
    for (const [limit, key] of keysOf(this.parts.rules.classNamed(className).limits, counted)) {
      if (limit.strict) await this.parts.strict.giveBack(limit, key);
    }
  }

  /** Milliseconds for which nothing of a strict class is admitted from there, so far as is known without asking; 0: none. */
  shutFor(className: string, counted: Counted): number {
    const now = this.parts.clock.now();
    const keys = keysOf(this.parts.rules.classNamed(className).limits, counted);
    return Math.max(0, ...keys.map(([, key]) => this.parts.strict.shutFor(key, now)));
  }

  private isInStore({ strict, rate }: Limit): boolean {
    return strict || (rate.burst < FEW && this.parts.shared.members > 1);
  }
}

/** The limits that concern a request, with the key under which each counts it. */
function keysOf(limits: readonly Limit[], counted: Counted): readonly (readonly [Limit, string])[] {
  const knowsPrincipals = limits.some(({ by }) => by === 'principal');
  const keys: (readonly [Limit, string])[] = [];
  for (const limit of limits) {
    const whose = whoseOf(limit, counted, knowsPrincipals);
    if (whose !== undefined) keys.push([limit, `${limit.name}|${whose}`]);
  }
  return keys;
}

/** Whom a limit counts; undefined: it does not concern this request. An address stands for who is not counted as a principal. */
function whoseOf({ by }: Limit, counted: Counted, knowsPrincipals: boolean): string | undefined {
  const { principal, address = UNKNOWN, user, workspace } = counted;
  switch (by) {
    case 'principal':
      return principal === undefined ? undefined : `p:${principal}`;
    case 'address':
      return principal === undefined || !knowsPrincipals ? `a:${address}` : undefined;
    case 'user':
      return user === undefined ? undefined : `u:${user}`;
    case 'workspace':
      return workspace === undefined ? undefined : `w:${workspace}`;
  }
}

/** What is left, as a part of the whole. */
function roomOf({ limit, standing }: Outcome): number {
  return standing.remaining / limit.rate.burst;
}
