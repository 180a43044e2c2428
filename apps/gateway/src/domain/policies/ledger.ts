import { Account } from './account';
import { fits, standingOf, timeAt, type Standing } from './gcra';
import type { Rate } from './rate';

/** What one gateway was asked for and admitted in one tick, key by key. */
export interface Use {
  /** Milliseconds from the beginning of the tick to its end. */
  readonly lasted: number;
  readonly keys: Readonly<Record<string, readonly [asked: number, used: number]>>;
}

/** The part of its share that a gateway gives away in one tick: others may just be giving away theirs, and it has not heard of it. */
const CAUTION = 0.5;
/** Keys that are told of in one tick; the others follow in the next. */
const MOST_TOLD = 2_000;
/** Accounts looked at for what can be forgotten, a tick. */
const SWEPT = 2_000;

export interface LedgerOptions {
  /** Keys that are told apart; further ones share one account per rate. */
  readonly capacity: number;
  /** The rate of the keys that begin with this name and a bar; undefined: there is no such rate here. */
  readonly rateNamed: (name: string) => Rate | undefined;
}

/**
 * The timestamps of all keys as this gateway knows them. One gateway alone decides exactly. Of several, each gives away its share of what
 * is left, by demand; after each tick it tells the others what it gave away and hears the same from them. While nobody is heard, each
 * keeps to an equal share. Pure: the time is an argument, in milliseconds, and `close` and `hear` are called by who carries the news.
 */
export class Ledger {
  private readonly accounts = new Map<string, Account>();
  private readonly touched = new Set<Account>();
  private epoch = 0;
  private begun = 0;
  private members = 1;
  private isCutOff = false;
  private sweep: MapIterator<[string, Account]> | undefined;

  constructor(private readonly options: LedgerOptions) {}

  /** How many keys are told apart just now. */
  get size(): number {
    return this.accounts.size;
  }

  /** Asks for one of a key, which is the name of its rate, a bar, and whose it is. */
  take(key: string, rate: Rate, now: number): Standing {
    const account = this.accountOf(key, rate, now);
    if (account.epoch !== this.epoch) account.begin(this.epoch, this.begun);
    const own = timeAt(rate, account.own, now);
    const step = rate.interval / this.shareOf(account);
    const admitted = fits(rate, own, step, now);
    account.own = admitted ? own + step : own;
    if (this.members === 1) {
      account.agreed = account.own;
      return standingOf(rate, account.own, now, admitted);
    }
    account.asked += 1;
    if (admitted) account.used += 1;
    this.touched.add(account);
    return standingOf(rate, Math.max(account.agreed, now) + account.used * rate.interval, now, admitted);
  }

  /** How many gateways there are, this one among them. */
  setMembers(members: number, now: number): void {
    if (members === this.members) return;
    this.settle([...this.touched], now);
    this.members = members;
  }

  /** Nobody is heard, or they are again: meanwhile each gateway keeps to an equal share. */
  setCutOff(isCutOff: boolean, now: number): void {
    if (isCutOff === this.isCutOff) return;
    this.isCutOff = isCutOff;
    if (isCutOff) this.settle([...this.touched], now);
  }

  /** Ends a tick: answers what the others should know. */
  close(now: number): Use {
    this.forget(now);
    const told = [...this.touched].sort((a, b) => b.used - a.used).slice(0, MOST_TOLD);
    const keys = Object.fromEntries(told.map(({ key, asked, used }) => [key, [asked, used] as const]));
    const lasted = now - this.begun;
    this.settle(told, now);
    return { lasted, keys };
  }

  /** Takes in what another gateway told of a tick that has just ended. */
  hear({ lasted, keys }: Use, now: number): void {
    for (const [key, [asked, used]] of Object.entries(keys)) {
      const rate = this.options.rateNamed(key.slice(0, key.indexOf('|')));
      if (rate !== undefined) this.accountOf(key, rate, now).hear(asked, used, this.epoch, now - Math.max(0, lasted));
    }
  }

  private settle(accounts: readonly Account[], now: number): void {
    for (const account of accounts) {
      account.settle(this.epoch, this.begun);
      this.touched.delete(account);
    }
    this.epoch += 1;
    this.begun = now;
  }

  private shareOf(account: Account): number {
    if (this.members === 1) return 1;
    return this.isCutOff ? 1 / this.members : CAUTION * account.share(this.epoch, this.members);
  }

  private accountOf(key: string, rate: Rate, now: number): Account {
    const known = this.accounts.get(key);
    if (known !== undefined) {
      if (known.rate !== rate) known.setRate(rate, now);
      return known;
    }
    const isFull = this.accounts.size >= this.options.capacity;
    const account = new Account(isFull ? `${key.slice(0, key.indexOf('|'))}|` : key, rate, now);
    return isFull ? this.sharedAccount(account) : this.keep(account);
  }

  private sharedAccount(account: Account): Account {
    return this.accounts.get(account.key) ?? this.keep(account);
  }

  private keep(account: Account): Account {
    this.accounts.set(account.key, account);
    return account;
  }

  /** Looks at some accounts in turn and forgets those at rest. */
  private forget(now: number): void {
    this.sweep ??= this.accounts.entries();
    for (let looked = 0; looked < SWEPT; looked++) {
      const next = this.sweep.next();
      if (next.done === true) {
        this.sweep = undefined;
        return;
      }
      const [key, account] = next.value;
      if (account.isAtRest(now)) this.accounts.delete(key);
    }
  }
}
