import { describe, expect, it } from '@jest/globals';
import { afterFailure, afterSuccess, isLocked, NO_FAILURES, type Account, type LockPolicy } from './account';

const policy: LockPolicy = { failureFactor: 3, waitIncrementSeconds: 60, maxFailureWaitSeconds: 150, maxDeltaTimeSeconds: 3_600 };
const NOW = Date.UTC(2026, 10, 21);
const ada: Account = {
  id: 'usr_ada',
  username: 'ada',
  enabled: true,
  emailVerified: false,
  attributes: {},
  roles: [],
  groups: [],
  attempts: NO_FAILURES,
};

function failing(times: number, now = NOW, account = ada): Account {
  return Array.from({ length: times }).reduce<Account>((current) => afterFailure(current, policy, now), account);
}

describe('an account', () => {
  it('locks at every third failure, longer each time, up to the longest', () => {
    const lock = (times: number) => (failing(times).attempts.lockedUntil - NOW) / 1000;
    expect([3, 6, 9].map(lock)).toEqual([60, 120, 150]);
    expect(isLocked(failing(2), NOW)).toBe(false);
    expect(isLocked(failing(3), NOW + 59_999)).toBe(true);
    expect(isLocked(failing(3), NOW + 60_000)).toBe(false);
  });

  it('stays locked while more failures come', () => {
    expect(isLocked(failing(4), NOW)).toBe(true);
  });

  it('forgets failures that are long past', () => {
    const later = NOW + 3_600_001;
    expect(failing(1, later, failing(2)).attempts.failures).toBe(1);
    expect(failing(1, NOW + 3_600_000, failing(2)).attempts.failures).toBe(3);
  });

  it('forgets failures when the password was right', () => {
    expect(afterSuccess(failing(2)).attempts).toEqual(NO_FAILURES);
  });
});
