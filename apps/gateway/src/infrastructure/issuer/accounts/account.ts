/** A person who can sign in at the embedded issuer. */
export interface Account {
  readonly id: string;
  /** Lower case. */
  readonly username: string;
  readonly enabled: boolean;
  readonly email?: string;
  readonly emailVerified: boolean;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** As `Passwords` writes it; absent: cannot sign in by password. */
  readonly password?: string;
  readonly attempts: Attempts;
}

/** Failed attempts to sign in. */
export interface Attempts {
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly failedAt: number;
  /** Milliseconds since 1970; until then no password is good enough. */
  readonly lockedUntil: number;
}

/** When an account locks, and for how long; all in seconds. The names are the realm's. */
export interface LockPolicy {
  /** Every so many failures lock the account. */
  readonly failureFactor: number;
  /** The first lock; each further one is longer by the same. */
  readonly waitIncrementSeconds: number;
  readonly maxFailureWaitSeconds: number;
  /** After so long without a failure, earlier ones are forgotten. */
  readonly maxDeltaTimeSeconds: number;
}

export const NO_FAILURES: Attempts = { failures: 0, failedAt: 0, lockedUntil: 0 };

export function isLocked({ attempts }: Account, now: number): boolean {
  return attempts.lockedUntil > now;
}

/** The account after one more wrong password. */
export function afterFailure(account: Account, policy: LockPolicy, now: number): Account {
  const { failures, failedAt, lockedUntil } = account.attempts;
  const counted = now - failedAt > policy.maxDeltaTimeSeconds * 1000 ? 1 : failures + 1;
  const locks = counted % policy.failureFactor === 0;
  const wait = Math.min((counted / policy.failureFactor) * policy.waitIncrementSeconds, policy.maxFailureWaitSeconds);
  return { ...account, attempts: { failures: counted, failedAt: now, lockedUntil: locks ? now + wait * 1000 : lockedUntil } };
}

/** The account after the right password. */
export function afterSuccess(account: Account): Account {
  return { ...account, attempts: NO_FAILURES };
}
