import { VirtualTime } from '@millrace/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../../../testing/lines';
import { Ledger } from '../../../domain/policies/ledger';
import { rateOf } from '../../../domain/policies/rate';
import { GatewayNews, type GatewayReport } from '../../ports/gateway-news';
import { SharedUse } from './shared-use';

const RATE = rateOf(600, 60_000);

/** What is told reaches all others at once, unless nobody is there. */
class Square {
  readonly ears = new Map<string, (gateway: string, report: GatewayReport | undefined) => void>();
  readonly last = new Map<string, GatewayReport>();
  isEmpty = false;
  told = 0;
  /** Awaited before anybody hears a word. */
  hold: Promise<void> | undefined;

  newsOf(name: string): GatewayNews {
    return new NewsOf(this, name);
  }
}

class NewsOf extends GatewayNews {
  constructor(
    private readonly square: Square,
    private readonly name: string,
  ) {
    super();
  }

  override async tell(report: GatewayReport): Promise<void> {
    if (this.square.isEmpty) throw new Error('Nobody is there.');
    this.square.told += 1;
    await this.square.hold;
    this.square.last.set(this.name, report);
    this.spread(report);
  }

  override async listen(hear: (gateway: string, report: GatewayReport | undefined) => void): Promise<void> {
    if (this.square.isEmpty) throw new Error('Nobody is there.');
    this.square.ears.set(this.name, hear);
    for (const [name, report] of this.square.last) if (name !== this.name) hear(name, report);
  }

  override async close(): Promise<void> {
    this.square.ears.delete(this.name);
    this.square.last.delete(this.name);
    this.spread(undefined);
  }

  private spread(report: GatewayReport | undefined): void {
    for (const [name, hear] of this.square.ears) if (name !== this.name) hear(this.name, report);
  }
}

describe('gateways that share their limits', () => {
  let time: VirtualTime;
  let square: Square;
  let log: Lines;

  beforeEach(() => {
    time = new VirtualTime(1_000_000);
    square = new Square();
    log = new Lines();
  });

  const open = async (name: string) => {
    const ledger = new Ledger({ capacity: 100, rateNamed: () => RATE });
    const shared = new SharedUse({ ledger, news: square.newsOf(name), clock: time, alarms: time, log });
    await shared.start();
    return { ledger, shared };
  };
  const takeAll = (ledger: Ledger): number => {
    let taken = 0;
    while (ledger.take('read|p:anna', RATE, time.now()).admitted) taken += 1;
    return taken;
  };

  it('know how many they are, from the first to the last', async () => {
    const [one, two] = [await open('one'), await open('two')];
    await time.advance(250);
    expect([one.shared.members, two.shared.members]).toEqual([2, 2]);
    await two.shared.stop();
    expect(one.shared.members).toBe(1);
    expect(takeAll(one.ledger)).toBe(600);
  });

  it('tell each other what they admitted, so that the sum holds', async () => {
    const [one, two] = [await open('one'), await open('two')];
    let admitted = 0;
    for (let tick = 0; tick < 40; tick++) {
      admitted += takeAll(one.ledger) + takeAll(two.ledger);
      await time.advance(250);
    }
    expect(admitted).toBeGreaterThan(680 * 0.95);
    expect(admitted).toBeLessThan(700 * 1.05);
  });

  it('say little when there is nothing to say', async () => {
    await open('one');
    await open('two');
    await time.advance(250);
    const { told } = square;
    await time.advance(30_000);
    expect(square.told - told).toBeLessThanOrEqual(22);
  });

  it('keep to an equal part when they do not hear each other, and say so once', async () => {
    const [one, two] = [await open('one'), await open('two')];
    await time.advance(250);
    square.isEmpty = true;
    one.ledger.take('read|p:bob', RATE, time.now());
    await time.advance(3_000);
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(0);
    await time.advance(1_500);
    expect([takeAll(one.ledger), takeAll(two.ledger)]).toEqual([300, 300]);
    square.isEmpty = false;
    await time.advance(1_000);
    expect(takeAll(one.ledger) + takeAll(two.ledger)).toBeLessThan(60);
    expect(log.lines.some(({ message }) => message === 'The gateways hear each other again.')).toBe(true);
  });

  it('say one thing after another: while a word is on its way the next waits, and nothing of it is lost', async () => {
    const [one, two] = [await open('one'), await open('two')];
    await time.advance(250);
    const { promise, resolve } = Promise.withResolvers<void>();
    square.hold = promise;
    one.ledger.take('read|p:anna', RATE, time.now());
    await time.advance(250);
    const { told } = square;
    for (let taken = 0; taken < 99; taken++) one.ledger.take('read|p:anna', RATE, time.now());
    await time.advance(750);
    expect(square.told).toBe(told);
    [square.hold] = [undefined, resolve()];
    await time.advance(250);
    expect(two.ledger.take('read|p:anna', RATE, time.now()).remaining).toBeLessThanOrEqual(520);
  });

  it('hear of ticks that they missed, and of none twice', async () => {
    const one = await open('one');
    square.isEmpty = true;
    const lonely = new SharedUse({
      ledger: new Ledger({ capacity: 1, rateNamed: () => RATE }),
      news: square.newsOf('lonely'),
      clock: time,
      alarms: time,
      log,
    });
    await lonely.start();
    expect(lonely.members).toBe(1);
    square.isEmpty = false;
    const hear = square.ears.get('one');
    const tick = (used: number) => ({ lasted: 250, keys: { 'read|p:anna': [used, used] as const } });
    hear?.('other', { newest: 1, ticks: [tick(100)] });
    hear?.('other', { newest: 4, ticks: [tick(100), tick(10), tick(10), tick(10)] });
    hear?.('other', { newest: 4, ticks: [tick(100), tick(10), tick(10), tick(10)] });
    expect(one.shared.members).toBe(2);
    expect(one.ledger.take('read|p:anna', RATE, time.now()).remaining).toBeGreaterThanOrEqual(600 - 30 - 4);
    expect(one.ledger.take('read|p:anna', RATE, time.now()).remaining).toBeLessThanOrEqual(600 - 30);
  });
});
