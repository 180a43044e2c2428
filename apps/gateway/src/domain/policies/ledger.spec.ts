import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Ledger } from './ledger';
import { rateOf, type Rate } from './rate';

const MINUTE = 60_000;
const TICK = 250;
const ARRIVALS = 1_000_000;
const RATE = rateOf(600, MINUTE);

/** Credit that drips into a bucket, in milliseconds: another way to say the same rate, kept in one place. */
class ExactReference {
  private readonly buckets = new Map<string, { credit: number; at: number }>();

  constructor(private readonly rate: Rate) {}

  take(key: string, now: number): boolean {
    const { burst, interval } = this.rate;
    const bucket = this.buckets.get(key) ?? { credit: burst * interval, at: now };
    const credit = Math.min(burst * interval, bucket.credit + now - bucket.at);
    const admitted = credit >= interval;
    this.buckets.set(key, { credit: admitted ? credit - interval : credit, at: now });
    return admitted;
  }
}

/** Gateways that tell each other what they used, each a while after the other. */
class Fleet {
  private readonly ledgers: Ledger[];
  /** When the tick of each ends. */
  private readonly next: number[];
  private soonest = 0;
  isCutOff = false;

  constructor(
    size: number,
    rate: Rate,
    private readonly delay = 20,
  ) {
    this.ledgers = Array.from({ length: size }, () => new Ledger({ capacity: 10_000, rateNamed: () => rate }));
    this.next = this.ledgers.map((_, index) => (index * TICK) / size);
    for (const ledger of this.ledgers) ledger.setMembers(size, 0);
  }

  /** Lets all ticks pass that end by then. */
  advance(now: number): void {
    while (this.soonest + this.delay <= now) this.tick(this.next.indexOf(this.soonest));
  }

  take(gateway: number, key: string, rate: Rate, now: number): boolean {
    return this.ledger(gateway).take(key, rate, now).admitted;
  }

  cutOff(isCutOff: boolean, now: number): void {
    this.isCutOff = isCutOff;
    for (const ledger of this.ledgers) ledger.setCutOff(isCutOff, now);
  }

  private tick(index: number): void {
    const at = this.next[index] ?? 0;
    this.next[index] = at + TICK;
    this.soonest = Math.min(...this.next);
    if (this.isCutOff) return;
    const use = this.ledger(index).close(at + this.delay);
    for (const [other, ledger] of this.ledgers.entries()) if (other !== index) ledger.hear(use, at + this.delay);
  }

  private ledger(index: number): Ledger {
    const ledger = this.ledgers[index];
    if (ledger === undefined) throw new Error(`There is no gateway ${index}.`);
    return ledger;
  }
}

/** Chance that is the same in every run. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Tally {
  asked: number;
  ours: number;
  exact: number;
}

describe('a gateway alone', () => {
  it('decides a million arrivals as the exact reference does', () => {
    const rate = rateOf(120, MINUTE, 30);
    const ledger = new Ledger({ capacity: 1_000, rateNamed: () => rate });
    const reference = new ExactReference(rate);
    const chance = chances(7);
    let now = 1_000_000;
    let different = 0;
    for (let arrival = 0; arrival < ARRIVALS; arrival++) {
      now += Math.floor(chance() * 40);
      if (arrival % 100 === 0) ledger.close(now);
      const key = `read|${Math.floor(chance() ** 3 * 40)}`;
      if (ledger.take(key, rate, now).admitted !== reference.take(key, now)) different += 1;
    }
    expect(different).toBe(0);
  });
});

describe('three gateways', () => {
  it('admit of a million arrivals what one would, within a twentieth, however the load is spread and moves', () => {
    const fleet = new Fleet(3, RATE);
    const reference = new ExactReference(RATE);
    const chance = chances(11);
    const tallies = new Map<string, Tally>();
    let now = 0;
    for (let arrival = 0; arrival < ARRIVALS; arrival++) {
      now += chance() * 0.8;
      fleet.advance(now);
      // Keys are asked for at a hundredth to five times their rate; most of a key’s load is at one gateway, which changes every minute.
      const key = Math.floor(chance() ** 2 * 60);
      const favourite = (key + Math.floor(now / MINUTE)) % 3;
      const gateway = chance() < 0.7 ? favourite : Math.floor(chance() * 3);
      const tally = tallies.get(`read|${key}`) ?? { asked: 0, ours: 0, exact: 0 };
      tallies.set(`read|${key}`, tally);
      tally.asked += 1;
      if (fleet.take(gateway, `read|${key}`, RATE, now)) tally.ours += 1;
      if (reference.take(`read|${key}`, now)) tally.exact += 1;
    }
    const [ours, exact] = [sum(tallies, 'ours'), sum(tallies, 'exact')];
    expect(exact).toBeLessThan(ARRIVALS * 0.95);
    expect(Math.abs(ours - exact) / exact).toBeLessThan(0.05);
    for (const tally of tallies.values()) expect(Math.abs(tally.ours - tally.exact) / tally.exact).toBeLessThan(0.05);
  });

  it.each([
    ['at one of them', [1, 0, 0]],
    ['at all of them', [1, 1, 1]],
    ['mostly at one', [20, 1, 1]],
  ])('hold a limit that is overrun %s', (_, weights) => {
    const fleet = new Fleet(3, RATE);
    const reference = new ExactReference(RATE);
    let [ours, exact] = [0, 0];
    const gateways = weights.flatMap((weight, gateway) => Array.from({ length: weight }, () => gateway));
    for (let arrival = 0; arrival < 60_000; arrival++) {
      const now = arrival * 5;
      fleet.advance(now);
      if (fleet.take(gateways[arrival % gateways.length] ?? 0, 'read|a', RATE, now)) ours += 1;
      if (reference.take('read|a', now)) exact += 1;
    }
    expect(Math.abs(ours - exact) / exact).toBeLessThan(0.05);
  });

  it('admit no more than the limit together while they hear nothing of each other, and hold it again afterwards', () => {
    const fleet = new Fleet(3, RATE);
    const overrun = (from: number, milliseconds: number): number => {
      let admitted = 0;
      for (let now = from; now < from + milliseconds; now += 5) {
        fleet.advance(now);
        for (let gateway = 0; gateway < 3; gateway++) if (fleet.take(gateway, 'read|a', RATE, now)) admitted += 1;
      }
      return admitted;
    };
    overrun(0, MINUTE);
    fleet.cutOff(true, MINUTE);
    expect(overrun(MINUTE, 10 * MINUTE)).toBeLessThanOrEqual(6_000 * 1.05);
    fleet.cutOff(false, 11 * MINUTE);
    const after = overrun(11 * MINUTE, 10 * MINUTE);
    expect(after).toBeLessThanOrEqual(6_000 * 1.05);
    expect(after).toBeGreaterThanOrEqual(6_000 * 0.95);
  });

  it('let a limit be used by whoever is asked, wherever that is, within moments', () => {
    const fleet = new Fleet(3, RATE);
    let admitted = 0;
    for (let now = 0; now < 5_000; now += 5) {
      fleet.advance(now);
      if (fleet.take(0, 'read|a', RATE, now)) admitted += 1;
    }
    expect(admitted).toBeGreaterThan(600);
  });
});

describe('a ledger', () => {
  const few = new Ledger({ capacity: 2, rateNamed: () => RATE });

  it('is never open, whatever the clock does, and however many gateways come and go', () => {
    const rate = rateOf(60, MINUTE, 5);
    const steps = fc.array(
      fc.record({
        passed: fc.integer({ min: -5_000, max: 5_000 }),
        members: fc.integer({ min: 1, max: 4 }),
        isCutOff: fc.boolean(),
        asks: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const ledger = new Ledger({ capacity: 10, rateNamed: () => rate });
        let [now, forward, admitted] = [0, 0, 0];
        for (const { passed, members, isCutOff, asks } of taken) {
          now += passed;
          forward += Math.max(0, passed);
          ledger.setMembers(members, now);
          ledger.setCutOff(isCutOff, now);
          if (passed % 2 === 0) ledger.close(now);
          for (let ask = 0; ask < asks; ask++) if (ledger.take('read|a', rate, now).admitted) admitted += 1;
        }
        expect(admitted).toBeLessThanOrEqual(rate.burst + forward / rate.interval + 1);
      }),
    );
  });

  it('tells keys beyond its capacity no longer apart, and forgets those at rest', () => {
    for (const key of ['read|a', 'read|b', 'read|c', 'read|d']) few.take(key, RATE, 0);
    expect(few.size).toBe(3);
    expect(few.take('read|e', RATE, 0).remaining).toBe(597);
    for (let sweep = 0; sweep < 3; sweep++) few.close(MINUTE);
    expect(few.size).toBe(0);
  });

  it('does not take in what is told of a rate it does not know', () => {
    const ledger = new Ledger({ capacity: 10, rateNamed: () => undefined });
    ledger.hear({ lasted: TICK, keys: { 'other|a': [1, 1] } }, 0);
    expect(ledger.size).toBe(0);
  });

  it('tells of the keys that were used most first when there are too many for one tick', () => {
    const ledger = new Ledger({ capacity: 10_000, rateNamed: () => RATE });
    ledger.setMembers(2, 0);
    for (let key = 0; key < 2_001; key++) ledger.take(`read|${key}`, RATE, 0);
    ledger.take('read|2000', RATE, 0);
    const { keys: first } = ledger.close(TICK);
    expect([Object.keys(first).length, first['read|2000']]).toEqual([2_000, [2, 2]]);
    expect(Object.values(ledger.close(2 * TICK).keys)).toEqual([[1, 1]]);
  });
});

function sum(tallies: ReadonlyMap<string, Tally>, of: keyof Tally): number {
  return [...tallies.values()].reduce((total, tally) => total + tally[of], 0);
}
