import type { Clock } from '@millrace/kernel';
import { announced, beginErasure, type Erasure } from '../../domain/leaving/erasure';
import type { Accounts } from '../ports/accounts';
import type { Erasures } from '../ports/erasures';
import type { SessionNews } from '../ports/session-news';
import type { SignOut } from '../sessions/sign-out';

export interface ErasePersonParts {
  readonly erasures: Erasures;
  readonly accounts: Accounts;
  readonly signOut: Pick<SignOut, 'closeAll'>;
  readonly news: SessionNews;
  readonly clock: Clock;
}

/**
 * Takes a person's account away and has every service told. What was begun is carried through: each step may be done again, and whatever a
 * crash or an absent provider keeps from being done is done later.
 */
export class ErasePerson {
  constructor(private readonly parts: ErasePersonParts) {}

  /** Nothing is lost once it resolves, though nothing may have been done yet. Said again it changes nothing; answers whether it is new. */
  async begin(user: string, by: Erasure['by']): Promise<boolean> {
    return this.parts.erasures.begin(user, beginErasure(user, by, this.parts.clock.now()));
  }

  /** Signs out, removes the account, tells the services. Refuses with `auth.provider_away` and the like; then it is to be done again. */
  async carryOut(user: string): Promise<void> {
    const { erasures, accounts, signOut, news, clock } = this.parts;
    await signOut.closeAll(user, 'deleted');
    await accounts.remove(user);
    await news.left(user);
    await erasures.change(user, (erasure) => announced(erasure, clock.now()));
  }
}
