import type { Alarms, Clock } from '@millrace/kernel';
import type { Accounts } from '../ports/accounts';
import type { Erasures } from '../ports/erasures';
import type { ErasePerson } from './erase-person';

export interface FollowRemovalsParts {
  readonly erasures: Erasures;
  readonly erasePerson: ErasePerson;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds between two looks. */
const EVERY = 30_000;
/** Milliseconds for which one gateway looks alone: it is asked for at each look, so another one takes over after the next. */
const LEASE = 45_000;
/** Milliseconds that are looked at twice: the provider's clock is not ours, and what it tells may come late. */
const OVERLAP = 120_000;

/** Carries through what was begun, and sees which accounts were removed at the identity provider itself. One gateway does so for all. */
export class FollowRemovals {
  private takeBack: (() => void) | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: FollowRemovalsParts) {}

  start(): void {
    this.wait();
  }

  /** Resolves when no look is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.takeBack?.();
    await this.looking;
  }

  /** Looks now, unless another gateway does. */
  async look(): Promise<void> {
    const { erasures, onFailure } = this.parts;
    if (!(await erasures.lease(LEASE))) return;
    for (const { user } of await erasures.untold()) if (user !== undefined) await this.carryOut(user);
    await this.seeRemoved().catch(onFailure);
  }

  private wait(): void {
    if (this.stopped) return;
    const { alarms, clock, onFailure } = this.parts;
    this.takeBack = alarms.set(clock.now() + EVERY, () => {
      this.looking = this.look().catch(onFailure);
      void this.looking.then(() => this.wait());
    });
  }

  private async seeRemoved(): Promise<void> {
    const { erasures, erasePerson, accounts, clock } = this.parts;
    const now = clock.now();
    const seen = (await erasures.seenUntil()) ?? now;
    for (const user of await accounts.removedSince(seen - OVERLAP)) {
      if (await erasePerson.begin(user, 'provider')) await this.carryOut(user);
    }
    await erasures.setSeenUntil(now);
  }

  /** One that fails keeps no other from leaving; it comes again with the next look. */
  private async carryOut(user: string): Promise<void> {
    await this.parts.erasePerson.carryOut(user).catch(this.parts.onFailure);
  }
}
