import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '@millrace/messaging';
import { liveBench, many, Receiver, subscribe } from '../../../../testing/live-bench';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A feed that has just begun at the end of a log with so many events, and how often the log is read from then on. */
async function begun(count: number, ring = { count: 10_000, weight: 64_000_000 }) {
  const bench = await liveBench(cleanups, { ring });
  const ids = await bench.say(...many(count));
  const { eventLog, feed } = bench;
  feed.begin(await eventLog.range(), 'epoch');
  const reads: unknown[][] = [];
  const read = eventLog.read.bind(eventLog);
  eventLog.read = (...asked): AsyncGenerator<LoggedEvent> => {
    reads.push(asked);
    return read(...asked);
  };
  return { ...bench, ids, reads };
}

describe('what was missed before a process began', () => {
  it('is read from the log once for all who come back, whole and in order for each', async () => {
    const { feed, listen, ids, reads } = await begun(20);
    const since = [12, 10, 15, 20, 10];
    const receivers = since.map((offset) => ({ ...listen(), offset }));
    const answers = await Promise.all(receivers.map(({ listener, offset }) => subscribe(listener, { since: `${feed.epoch}-${offset}` })));
    expect(answers.every(({ recovered }) => recovered)).toBe(true);
    for (const { receiver, offset } of receivers) {
      await receiver.until(({ news }) => news.length > 0);
      expect(receiver.ids()).toEqual(ids.slice(offset));
    }
    expect(reads).toHaveLength(1);
  });

  it('is read by each from the log where there is no room for it', async () => {
    for (const ring of [
      { count: 4, weight: 64_000_000 },
      { count: 100, weight: 5_000 },
    ]) {
      const { feed, listen, ids, reads } = await begun(20, ring);
      const { listener, receiver } = listen();
      expect(await subscribe(listener, { since: `${feed.epoch}-10` })).toMatchObject({ recovered: true });
      await receiver.until(({ news }) => news.length > 0);
      expect(receiver.ids()).toEqual(ids.slice(10));
      expect(feed.covers(10n)).toBe(false);
      expect(reads.length).toBeGreaterThan(1);
    }
  });

  it('is not to be had when the log has let go of it, and the rest is for who comes from there', async () => {
    const { eventLog, feed, listen, ids } = await begun(20);
    await eventLog.trim({ epoch: feed.epoch, offset: 8n });
    expect(await subscribe(listen().listener, { since: `${feed.epoch}-5` })).toMatchObject({ recovered: false, reason: 'expired' });
    const { listener, receiver } = listen(new Receiver());
    expect(await subscribe(listener, { since: `${feed.epoch}-8` })).toMatchObject({ recovered: true });
    await receiver.until(({ news }) => news.length > 0);
    expect(receiver.ids()).toEqual(ids.slice(8));
  });

  it('is not at hand when the log cannot be read, and is asked for again later', async () => {
    const { eventLog, feed } = await begun(20);
    eventLog.failure = new Error('disk gone');
    expect(await feed.recall(10n)).toBe(false);
    eventLog.failure = undefined;
    expect(await feed.recall(10n)).toBe(true);
    expect([feed.from, feed.covers(0n)]).toEqual([0n, true]);
  });

  it('is of no use to a feed that has begun anew meanwhile', async () => {
    const { eventLog, feed } = await begun(20);
    eventLog.atEnd = async () => feed.begin(await eventLog.range(), 'epoch');
    expect(await feed.recall(10n)).toBe(false);
  });
});
