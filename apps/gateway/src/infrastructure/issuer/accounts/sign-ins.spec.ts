import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments } from '@millrace/documents';
import { Clock } from '@millrace/kernel';
import { NO_FAILURES } from './account';
import { Accounts } from './accounts';
import { Passwords } from './passwords';
import { SignIns } from './sign-ins';

const policy = { failureFactor: 5, waitIncrementSeconds: 60, maxFailureWaitSeconds: 900, maxDeltaTimeSeconds: 3_600 };

class SetClock extends Clock {
  time = Date.UTC(2026, 10, 21);

  override now(): number {
    return this.time;
  }
}

let clock: SetClock;
let documents: SqliteDocuments;
let accounts: Accounts;
let signIns: SignIns;

beforeEach(async () => {
  clock = new SetClock();
  documents = await SqliteDocuments.open(':memory:');
  accounts = await Accounts.open(documents);
  const passwords = new Passwords(10);
  signIns = new SignIns(accounts, passwords, policy, clock);
  const person = {
    emailVerified: false,
    attributes: {},
    roles: [],
    groups: [],
    attempts: NO_FAILURES,
    password: await passwords.hash('mill'),
  };
  await accounts.add({ ...person, id: 'usr_ada', username: 'ada', email: 'ada@millrace.example', enabled: true });
  await accounts.add({ ...person, id: 'usr_old', username: 'old', enabled: false });
});

afterEach(() => documents.close());

describe('signing in', () => {
  it('takes the name or the e-mail address, in any case', async () => {
    expect(await signIns.attempt('Ada', 'mill')).toMatchObject({ id: 'usr_ada' });
    expect(await signIns.attempt(' ADA@millrace.example ', 'mill')).toMatchObject({ id: 'usr_ada' });
  });

  it('are counted by the name that was given, known or not, and not counted when they succeed', async () => {
    const told: string[] = [];
    const count = async (name: string) => {
      told.push(`+${name}`);
      return async () => void told.push(`-${name}`);
    };
    await signIns.attempt('Ada', 'mill', count);
    await signIns.attempt('ada', 'wrong', count);
    await signIns.attempt('nobody', 'mill', count);
    expect(told).toEqual(['+Ada', '-Ada', '+ada', '+nobody']);
    await expect(signIns.attempt('ada', 'mill', () => Promise.reject(new Error('Too often.')))).rejects.toThrow('Too often.');
  });

  it('is not for accounts that are off, nor for nobody', async () => {
    expect(await signIns.attempt('old', 'mill')).toBeUndefined();
    expect(await signIns.attempt('eve', 'mill')).toBeUndefined();
    expect(await signIns.attempt('', '')).toBeUndefined();
  });

  it('locks after five failures, and does not count what comes while it is locked', async () => {
    for (let failure = 0; failure < 5; failure++) expect(await signIns.attempt('ada', 'wrong')).toBeUndefined();
    expect(await signIns.attempt('ada', 'mill')).toBeUndefined();
    clock.time += 60_000;
    expect(await signIns.attempt('ada', 'mill')).toMatchObject({ id: 'usr_ada' });
    expect((await accounts.find('usr_ada'))?.attempts).toEqual(NO_FAILURES);
  });

  it('lets eight wait and turns the ninth away', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 9 }, () => signIns.attempt('ada', 'mill')));
    expect(attempts.slice(0, 8).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(attempts[8]).toMatchObject({ status: 'rejected', reason: { code: 'issuer.too_many_attempts', refusal: 'exhausted' } });
    await signIns.idle();
    expect(await signIns.attempt('ada', 'mill')).toMatchObject({ id: 'usr_ada' });
  });

  it('counts no try that nobody looked at', async () => {
    let counted = 0;
    const count = async () => {
      counted += 1;
      return async () => void (counted -= 1);
    };
    await Promise.allSettled(Array.from({ length: 9 }, () => signIns.attempt('ada', 'wrong', count)));
    expect(counted).toBe(8);
    await documents.close();
    await expect(signIns.attempt('ada', 'mill', count)).rejects.toThrow();
    expect(counted).toBe(8);
  });

  it('goes on after a fault of the store', async () => {
    await documents.close();
    await expect(signIns.attempt('ada', 'mill')).rejects.toThrow();
    await expect(signIns.attempt('ada', 'mill')).rejects.not.toMatchObject({ code: 'issuer.too_many_attempts' });
  });
});
