import type { Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import { standingOf, take, type Standing } from '../../../domain/policies/gcra';
import type { Ledger } from '../../../domain/policies/ledger';
import { tenthOf } from '../../../domain/policies/rate';
import type { RateStore } from '../../ports/rate-store';
import type { Limit } from '../rules';

export interface StrictCountsParts {
  readonly store: RateStore;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds for which a store that did not answer is not asked. */
const REST = 2_000;
/** Keys of which it is remembered here that nothing is admitted. */
const MOST_SHUT = 50_000;

/** Counts each request of a strict limit where all gateways count; with what is left of it while that place is away. */
export class StrictCounts {
  /** Until when a key is known to admit nothing: what is refused costs the store nothing. */
  private readonly shut = new Map<string, number>();
  private awayUntil = 0;

  constructor(private readonly parts: StrictCountsParts) {}

  /** Asks for one. */
  async take(limit: Limit, key: string): Promise<Standing> {
    const now = this.parts.clock.now();
    const shut = this.shutFor(key, now);
    if (shut > 0) return { admitted: false, remaining: 0, reset: shut, wait: shut };
    if (now < this.awayUntil) return this.guess(limit, key, now);
    try {
      return await this.count(limit, key);
    } catch (error) {
      this.awayUntil = now + REST;
      this.parts.log.warn('The store of strict limits is away: a tenth of each is admitted.', { limit: limit.name, error });
      return this.guess(limit, key, now);
    }
  }

  /** Milliseconds for which a key is known here to admit nothing. */
  shutFor(key: string, now: number): number {
    const until = this.shut.get(key);
    if (until === undefined) return 0;
    if (until > now) return until - now;
    this.shut.delete(key);
    return 0;
  }

  /** Takes back one that was admitted. What cannot be taken back is left. */
  async giveBack(limit: Limit, key: string): Promise<void> {
    const { store, clock, log } = this.parts;
    try {
      await store.change(key, lifeOf(limit), (time) => (time === undefined ? undefined : time - limit.rate.interval));
      this.shut.delete(key);
    } catch (error) {
      log.debug('A strict limit was not given back.', { error, now: clock.now() });
    }
  }

  private async count(limit: Limit, key: string): Promise<Standing> {
    const now = this.parts.clock.now();
    let standing: Standing | undefined;
    await this.parts.store.change(key, lifeOf(limit), (before = now) => {
      const decided = decide(limit, before, now);
      standing = decided.standing;
      return decided.time;
    });
    if (standing === undefined) throw new Error('A strict limit was changed without having been looked at.');
    if (!standing.admitted) this.remember(key, now + standing.wait);
    return standing;
  }

  private guess(limit: Limit, key: string, now: number): Standing {
    const standing = this.parts.ledger.take(`${AWAY}${key}`, tenthOf(limit.rate), now);
    if (standing.admitted || limit.closes === undefined) return standing;
    this.remember(key, now + limit.closes);
    return { ...standing, wait: limit.closes };
  }

  private remember(key: string, until: number): void {
    if (this.shut.size >= MOST_SHUT) this.shut.clear();
    this.shut.set(key, until);
  }
}

/** What the keys of guessed limits begin with: no rate has such a name, so nobody else counts them. */
const AWAY = '~';

/** Milliseconds for which a timestamp may be of use. */
function lifeOf({ rate, closes = 0 }: Limit): number {
  return 2 * rate.window + closes;
}

/** The timestamp to keep, undefined to keep what is there, and how the key stands. One further ahead than can be used up is closed. */
function decide({ rate, closes = 0 }: Limit, before: number, now: number): { readonly time?: number; readonly standing: Standing } {
  const closed = now + rate.tolerance + closes;
  if (before > now + rate.tolerance && before <= closed) return { standing: standingOf(rate, before, now, false) };
  const { time, standing } = take(rate, before, now);
  if (standing.admitted) return { time, standing };
  return closes === 0 ? { standing } : { time: closed, standing: standingOf(rate, closed, now, false) };
}
