import { DomainError, type Clock } from '@millrace/kernel';
import { uncounted, type SignInTally } from '../../../application/policies/limits/sign-in-tally';
import { afterFailure, afterSuccess, isLocked, type Account, type LockPolicy } from './account';
import type { Accounts } from './accounts';
import type { Passwords } from './passwords';

const MOST_WAITING = 8;
const LONGEST_PASSWORD = 1_024;

/** Checks names and passwords, one attempt after the other: so failures are counted exactly, and guessing cannot fill the memory. */
export class SignIns {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly policy: LockPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * The account, if name and password are right and it is not locked; whoever is refused does not learn which it was. Refuses with
   * `issuer.too_many_attempts` while too many others wait, and with what `count` refuses; what succeeds is not counted, nor what nobody looked at.
   */
  async attempt(name: string, password: string, count: SignInTally = uncounted): Promise<Account | undefined> {
    const giveBack = await count(name);
    try {
      const account = await this.inTurn(name, password);
      if (account !== undefined) await giveBack();
      return account;
    } catch (error) {
      // Nobody looked at the password.
      await giveBack();
      throw error;
    }
  }

  /** Resolves when no attempt is under way. */
  async idle(): Promise<void> {
    await this.last;
  }

  private async inTurn(name: string, password: string): Promise<Account | undefined> {
    if (this.waiting >= MOST_WAITING) throw tooManyAttempts();
    this.waiting += 1;
    const attempt = this.last.then(() => this.check(name, password));
    this.last = attempt.catch(() => undefined).finally(() => (this.waiting -= 1));
    return attempt;
  }

  private async check(name: string, password: string): Promise<Account | undefined> {
    const account = password.length > LONGEST_PASSWORD ? undefined : await this.accounts.findByName(name);
    const isRight = await this.passwords.isRight(password.slice(0, LONGEST_PASSWORD), account?.password);
    if (account === undefined || isLocked(account, this.clock.now())) return undefined;
    if (!isRight) await this.accounts.change(account.id, (current) => afterFailure(current, this.policy, this.clock.now()));
    else if (account.attempts.failures > 0) await this.accounts.change(account.id, afterSuccess);
    return isRight ? account : undefined;
  }
}

function tooManyAttempts(): DomainError {
  return new DomainError('issuer.too_many_attempts', 'exhausted', 'Too many people are signing in at once. Try again in a moment.');
}
