import { DomainError } from '@millrace/kernel';
import { VirtualTime } from '@millrace/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../../../testing/lines';
import { Ledger } from '../../../domain/policies/ledger';
import { rateOf } from '../../../domain/policies/rate';
import { RateStore } from '../../ports/rate-store';
import { composeRules, type WrittenRules } from '../compose-rules';
import { RulesInForce } from '../rules';
import { Limiter } from './limiter';
import { StrictCounts } from './strict-counts';

const MINUTE = 60_000;

class Store extends RateStore {
  readonly times = new Map<string, number>();
  isAway = false;
  asked = 0;

  override async change(key: string, _life: number, change: (time: number | undefined) => number | undefined): Promise<void> {
    this.asked += 1;
    if (this.isAway) throw new DomainError('kv.unavailable', 'unavailable', 'Away.');
    const time = change(this.times.get(key));
    if (time !== undefined) this.times.set(key, time);
  }
}

describe('a limiter', () => {
  let time: VirtualTime;
  let store: Store;
  let members: number;
  let log: Lines;

  beforeEach(() => {
    time = new VirtualTime(1_000_000);
    store = new Store();
    members = 1;
    log = new Lines();
  });

  const limiterWith = (written: WrittenRules = {}): Limiter => {
    const rules = new RulesInForce(composeRules(written));
    const ledger = new Ledger({ capacity: 1_000, rateNamed: (name) => rules.rateNamed(name) });
    ledger.setMembers(members, time.now());
    const strict = new StrictCounts({ store, ledger, clock: time, log });
    return new Limiter({ rules, ledger, strict, shared: { members }, clock: time });
  };
  const admits = async (limiter: Limiter, name: string, counted: Parameters<Limiter['admit']>[1], times: number): Promise<number> => {
    let admitted = 0;
    for (let nth = 0; nth < times; nth++) if ((await limiter.admit(name, counted))?.standing.admitted !== false) admitted += 1;
    return admitted;
  };

  it('counts principals apart, strangers by their address, and those who cannot be told apart together', async () => {
    const limiter = limiterWith({ limits: { read: rateOf(2, MINUTE) } });
    expect(await admits(limiter, 'read', { principal: 'anna', address: '192.0.2.1' }, 3)).toBe(2);
    expect(await admits(limiter, 'read', { principal: 'bob', address: '192.0.2.1' }, 3)).toBe(2);
    expect(await admits(limiter, 'read', { address: '192.0.2.1' }, 3)).toBe(2);
    expect([await admits(limiter, 'read', {}, 1), await admits(limiter, 'write', {}, 1), await admits(limiter, 'read', {}, 2)]).toEqual([
      1, 1, 1,
    ]);
  });

  it('counts a workspace besides its callers, and tells of what leaves the least', async () => {
    const limiter = limiterWith({ limits: { emit: { workspace: rateOf(3, 1_000) } } });
    const outcome = await limiter.admit('emit', { principal: 'anna', workspace: 'lac' });
    expect([outcome?.limit.name, outcome?.standing.remaining]).toEqual(['emit.workspace', 2]);
    expect(await admits(limiter, 'emit', { principal: 'bob', workspace: 'lac' }, 5)).toBe(2);
    expect(await admits(limiter, 'emit', { principal: 'bob', workspace: 'other' }, 5)).toBe(3);
  });

  it('leaves out the workspace where the path names none, and tells of the caller where the workspace has more left', async () => {
    const limiter = limiterWith({ limits: { emit: { caller: rateOf(2, MINUTE), workspace: rateOf(100, MINUTE) } } });
    expect(await admits(limiter, 'emit', { principal: 'anna' }, 3)).toBe(2);
    const outcome = await limiter.admit('emit', { principal: 'bob', workspace: 'lac' });
    expect([outcome?.limit.name, outcome?.standing.remaining]).toEqual(['emit', 1]);
  });

  it('limits nothing where there is no limit, and what nobody declared as changes', async () => {
    const limiter = limiterWith({ limits: { write: rateOf(1, MINUTE) } });
    expect(await limiter.admit('health', {})).toBeUndefined();
    expect(await admits(limiter, 'undeclared', { principal: 'anna' }, 3)).toBe(1);
  });

  it('counts the requests of a route by limits of its own', async () => {
    const limiter = limiterWith();
    const own = [{ name: 'route.1', by: 'principal', rate: rateOf(1, MINUTE), strict: false }] as const;
    expect((await limiter.admit('read', { principal: 'anna' }, own))?.standing.admitted).toBe(true);
    expect((await limiter.admit('read', { principal: 'anna' }, own))?.standing.admitted).toBe(false);
  });

  it('counts small limits in the store when there are several gateways: a share of them would be nothing', async () => {
    expect(await admits(limiterWith(), 'export', { principal: 'anna' }, 10)).toBe(6);
    expect(store.asked).toBe(0);
    members = 3;
    expect(await admits(limiterWith(), 'export', { principal: 'anna' }, 10)).toBe(6);
    expect(store.asked).toBeGreaterThan(0);
  });

  describe('of a strict class', () => {
    const anna = { address: '192.0.2.1' };

    it('counts each request in the store, for all gateways; what it knows to be refused costs the store nothing', async () => {
      const [here, there] = [limiterWith(), limiterWith()];
      expect((await admits(here, 'anonymous', anna, 5)) + (await admits(there, 'anonymous', anna, 6))).toBe(10);
      const { asked } = store;
      expect(await admits(there, 'anonymous', anna, 100)).toBe(0);
      expect(store.asked).toBe(asked);
      time.jump(6_000);
      expect(await admits(there, 'anonymous', anna, 2)).toBe(1);
    });

    it('counts an address also for whom it knows', async () => {
      expect(await admits(limiterWith(), 'anonymous', { principal: 'anna', ...anna }, 20)).toBe(10);
    });

    it('counts the account that somebody wants to sign in to, wherever they come from', async () => {
      const limiter = limiterWith();
      const from = (address: string, user?: string) => ({ address, ...(user === undefined ? {} : { user }) });
      expect(await admits(limiter, 'password', from('192.0.2.1', 'ada'), 3)).toBe(3);
      expect(await admits(limiter, 'password', from('192.0.2.2', 'ada'), 3)).toBe(2);
      expect(await admits(limiter, 'password', from('192.0.2.2', 'bob'), 3)).toBe(3);
      expect(await admits(limiter, 'password', from('192.0.2.3'), 20)).toBe(10);
    });

    it('gives back what was not meant', async () => {
      const limiter = limiterWith();
      expect(await admits(limiter, 'anonymous', anna, 9)).toBe(9);
      await limiter.giveBack('anonymous', anna);
      expect(await admits(limiter, 'anonymous', anna, 5)).toBe(2);
      await limiter.giveBack('anonymous', anna);
      expect(await admits(limiter, 'anonymous', anna, 5)).toBe(1);
      await limiter.giveBack('anonymous', { address: '192.0.2.9' });
      await limiter.giveBack('read', anna);
      expect([...store.times.keys()]).toEqual(['anonymous.address|a:192.0.2.1']);
      store.isAway = true;
      await expect(limiter.giveBack('anonymous', anna)).resolves.toBeUndefined();
    });

    it('admits a tenth while the store is away, of the part of this gateway, and all again when it is back', async () => {
      store.isAway = true;
      members = 2;
      const limiter = limiterWith({ limits: { anonymous: { address: rateOf(100, MINUTE) } } });
      expect(await admits(limiter, 'anonymous', anna, 50)).toBeLessThanOrEqual(10);
      const { asked } = store;
      expect(await admits(limiter, 'anonymous', { address: '192.0.2.2' }, 50)).toBeLessThanOrEqual(10);
      expect(store.asked).toBe(asked);
      expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
      store.isAway = false;
      time.jump(120_000);
      expect(await admits(limiter, 'anonymous', anna, 200)).toBe(100);
    });
  });

  describe('of a class that closes', () => {
    const place = { address: '192.0.2.1' };

    it('admits nothing for as long as it says once it is overrun, at any gateway, however often one tries', async () => {
      const [here, there] = [limiterWith(), limiterWith()];
      expect(await admits(here, 'wrong-key', place, 20)).toBe(20);
      expect(here.shutFor('wrong-key', place)).toBe(0);
      const refused = await here.admit('wrong-key', place);
      expect(refused?.standing.wait).toBe(603_000);
      expect(here.shutFor('wrong-key', place)).toBe(603_000);
      for (let minute = 0; minute < 10; minute++) {
        expect(await admits(there, 'wrong-key', place, 3)).toBe(0);
        time.jump(MINUTE);
      }
      time.jump(3_000);
      expect([here.shutFor('wrong-key', place), await admits(there, 'wrong-key', place, 1)]).toEqual([0, 1]);
    });

    it('closes without the store, too', async () => {
      store.isAway = true;
      const limiter = limiterWith();
      expect(await admits(limiter, 'wrong-key', place, 30)).toBe(2);
      expect(limiter.shutFor('wrong-key', place)).toBe(600_000);
    });
  });
});
