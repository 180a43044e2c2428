import { afterEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { liveBench, many, readerIn, Receiver, subscribe } from '../../../testing/live-bench';
import { Attendance } from './attendance/attendance';
import { Listener } from './listener';
import type { FeedParts } from './live-feed';
import { WorkspaceReading } from './reading/workspace-reading';
import type { SubscribeAnswer, SubscribeRequest } from './subscribe';

const cleanups: (() => Promise<void>)[] = [];
const bench = (options?: Pick<FeedParts, 'ring' | 'farthest'>) => liveBench(cleanups, options);

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe('following the log', () => {
  it('brings the events that fit, in order, counted one by one', async () => {
    const { say, listen, head } = await bench();
    const { listener, receiver } = listen();
    await say({ type: 'before.now' });
    expect(await subscribe(listener, { types: ['orders.*'], where: 'payload.total >= 5' })).toEqual({ position: head(), recovered: true });
    const large = new TextEncoder().encode('{"total":5}');
    const [, wanted, , , second] = await say(
      {},
      { payload: large },
      { type: 'orders.a.b', payload: large },
      { type: 'x' },
      { payload: large },
    );
    expect(receiver.ids()).toEqual([wanted, second]);
    expect(receiver.received.map(({ n, subs, offset }) => ({ n, subs, offset }))).toEqual([
      { n: 1, subs: ['a'], offset: 3n },
      { n: 2, subs: ['a'], offset: 6n },
    ]);
    expect(JSON.parse(receiver.received[0]?.text.json ?? '')).toMatchObject({
      id: wanted,
      type: 'orders.paid',
      offset: '3',
      payload: { total: 5 },
    });
    expect(receiver.news).toEqual([]);
  });

  it('never brings events of another workspace', async () => {
    const { say, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener);
    const [own] = await say({}, { workspaceId: 'ws_2' });
    expect(receiver.ids()).toEqual([own]);
  });

  it('brings an event once for all subscriptions that want it alike, and once more for each other form', async () => {
    const { say, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener, { id: 'a', types: ['orders.paid', 'orders.>'] });
    await subscribe(listener, { id: 'b' });
    await subscribe(listener, { id: 'c', payload: 'none' });
    await subscribe(listener, { id: 'd', payload: ['total'] });
    await subscribe(listener, { id: 'e', types: ['other'] });
    await say({ payload: new TextEncoder().encode('{"total":1,"more":2}') });
    const seen = receiver.received.map(({ n, subs, text }) => ({
      n,
      subs: subs.toSorted(),
      payload: (JSON.parse(text.json) as { payload?: object }).payload,
    }));
    expect(seen).toEqual([
      { n: 1, subs: ['a', 'b'], payload: { total: 1, more: 2 } },
      { n: 2, subs: ['c'], payload: undefined },
      { n: 3, subs: ['d'], payload: { total: 1 } },
    ]);
  });

  it('brings what is targeted at a socket to that one alone', async () => {
    const { say, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener);
    const [, own] = await say({ target: { socket: 'socket-2' } }, { target: { socket: 'socket-1' } });
    expect(receiver.ids()).toEqual([own]);
  });

  it('brings what is on no log to those who follow, without an offset', async () => {
    const { feed, draft, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener);
    feed.pass(draft({ keep: 'live' }));
    expect(receiver.received).toEqual([expect.objectContaining({ n: 1 })]);
    expect(receiver.received[0]).not.toHaveProperty('offset');
  });

  it('ends with unsubscribe and with the listener', async () => {
    const { say, listen, feed } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener, { id: 'a' });
    await subscribe(listener, { id: 'b', types: ['x'] });
    expect(feed.index.groups).toBe(2);
    listener.unsubscribe('a');
    listener.unsubscribe('a');
    const [, x] = await say({}, { type: 'x' });
    expect(receiver.ids()).toEqual([x]);
    const { begin } = await listener.subscribe({ id: 'late' });
    listener.close();
    begin();
    await say({ type: 'x' });
    expect(receiver.ids()).toEqual([x]);
    expect(feed.index.groups).toBe(0);
  });

  it('goes by the newer wish when an id is used again', async () => {
    const { say, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener, { types: ['x'] });
    await subscribe(listener, { types: ['y'] });
    const [, y] = await say({ type: 'x' }, { type: 'y' });
    expect(receiver.ids()).toEqual([y]);
  });

  it('takes 50 subscriptions and not one more', async () => {
    const { listen } = await bench();
    const limits = { socketsPerUser: 1, subscriptionsPerUser: 100, socketsPerWorkspace: 1, subscriptionsPerSocket: 50 };
    const seat = new Attendance(limits, () => undefined).enter({ who: 'user/ada', connection: {} });
    const { listener } = listen(new Receiver(), 'ws_1', seat);
    for (let count = 0; count < 50; count++) await subscribe(listener, { id: `s${count}` });
    await expect(subscribe(listener, { id: 'more' })).rejects.toThrow(expect.objectContaining({ code: 'events.too_many_subscriptions' }));
    await expect(subscribe(listener, { id: 's0' })).resolves.toMatchObject({ recovered: true });
  });

  it.each<[Partial<SubscribeRequest>, string]>([
    [{ types: ['a..b'] }, 'events.filter_invalid'],
    [{ where: '=' }, 'events.filter_invalid'],
    [{ since: 'yesterday' }, 'events.position_invalid'],
  ])('refuses %j', async (request, code) => {
    const { listen } = await bench();
    await expect(subscribe(listen().listener, request)).rejects.toThrow(expect.objectContaining({ code }));
  });

  it('does not begin for whoever lost rights between being judged and coming in', async () => {
    const { clock, feed, say } = await bench();
    const asOf = feed.head;
    await say({}, { type: 'workspaces.roles.changed' }, {});
    const receiver = new Receiver();
    expect(new Listener(new WorkspaceReading(readerIn('ws_1'), clock), feed, receiver, asOf).isBehind).toBe(false);
    expect(receiver.ended).toMatchObject({ code: 'events.rights_changed' });
  });

  it('ends for whoever has other rights now, before anything later is brought', async () => {
    const { say, listen } = await bench();
    const [ours, others] = [listen(), listen(new Receiver(), 'ws_2')];
    await subscribe(ours.listener);
    await subscribe(others.listener);
    const [before] = await say({}, { type: 'workspaces.members.left', payload: new TextEncoder().encode('{"user":"eve"}') });
    expect(ours.receiver.ended).toBeUndefined();
    expect(ours.receiver.ids()).toContain(before);
    await say({ type: 'workspaces.members.left', payload: new TextEncoder().encode('{"user":"ada"}') });
    expect(ours.receiver.ended).toMatchObject({ code: 'events.rights_changed' });
    expect(others.receiver.ended).toBeUndefined();
    await say({ type: 'workspaces.suspended', workspaceId: 'ws_2' });
    expect(others.receiver.ended).toMatchObject({ code: 'events.rights_changed' });
  });
});

describe('going on from a position', () => {
  it('brings what was missed and then what happens, each once, and says when it has caught up', async () => {
    const { say, listen, head } = await bench();
    await say({});
    const since = head();
    const missed = await say({}, { workspaceId: 'ws_2' }, {});
    const { listener, receiver } = listen();
    expect(await subscribe(listener, { since })).toEqual({ position: since, recovered: true });
    const later = await say({});
    expect(receiver.ids()).toEqual([missed[0], missed[2], ...later]);
    expect(receiver.news).toEqual([{ kind: 'caught-up', sub: 'a', position: expect.stringMatching(/-4$/) as unknown as string }]);
  });

  it('reads from the log what is no longer at hand', async () => {
    const { say, listen, head } = await bench({ ring: { count: 3, weight: 1_000_000 } });
    const since = head();
    const missed = await say(...many(300), { workspaceId: 'ws_2' }, {});
    const { listener, receiver } = listen();
    expect(await subscribe(listener, { since })).toEqual({ position: since, recovered: true });
    await receiver.until(({ news }) => news.length > 0);
    const later = await say({});
    expect(receiver.ids()).toEqual([...missed.filter((_, index) => index !== 300), ...later]);
  });

  it('misses nothing and repeats nothing while events keep coming, wherever it begins', async () => {
    const { eventLog, feed, draft, say, listen } = await bench({ ring: { count: 20, weight: 1_000_000 } });
    const epoch = feed.epoch;
    const all = await say(...many(100));
    const pairs = [0, 30, 79, 80, 95, 100].map((offset) => ({ offset, ...listen(new Receiver(offset % 2 === 0 ? 7 : 1)) }));
    for (const { listener, offset } of pairs) await subscribe(listener, { since: `${epoch}-${offset}` });
    const more: string[] = [];
    for (let round = 0; round < 20; round++) {
      const drafts = [draft(), draft(), draft()];
      more.push(...drafts.map(({ id }) => id));
      await eventLog.append(drafts);
      for (const { receiver } of pairs) if (round % 3 === 0) receiver.drain();
    }
    for (const { receiver, offset } of pairs) {
      receiver.drain(Number.POSITIVE_INFINITY);
      await receiver.until(({ received }) => received.length >= 160 - offset);
      expect(receiver.ids()).toEqual([...all, ...more].slice(offset));
      expect(receiver.received.map(({ n }) => n)).toEqual(receiver.received.map((_, index) => index + 1));
    }
  });

  it('leads several subscriptions of one receiver, each from its own position', async () => {
    const { feed, say, listen } = await bench({ ring: { count: 3, weight: 1_000_000 } });
    const all = await say(...many(10));
    const { listener, receiver } = listen();
    const starts = await Promise.all(
      [8, 2, 5].map((offset) => listener.subscribe({ id: `from${offset}`, since: `${feed.epoch}-${offset}` })),
    );
    for (const { begin } of starts) begin();
    await receiver.until(({ news }) => news.length === 3);
    const bySub = (sub: string): string[] =>
      receiver.received.filter(({ subs }) => subs.includes(sub)).map(({ text }) => (JSON.parse(text.json) as { id: string }).id);
    expect([8, 2, 5].map((offset) => bySub(`from${offset}`))).toEqual([all.slice(8), all.slice(2), all.slice(5)]);
  });

  it('says when the log has let go of it, was another one, or too much came since', async () => {
    const { eventLog, feed, say, listen, head } = await bench({ ring: { count: 3, weight: 1_000_000 }, farthest: 20 });
    const since = head();
    await say(...many(21));
    const answers = async (position: string): Promise<SubscribeAnswer> => subscribe(listen().listener, { since: position });
    expect(await answers(since)).toEqual({ position: head(), recovered: false, reason: 'too-far' });
    expect(await answers(`${feed.epoch}-1`)).toMatchObject({ recovered: true });
    expect(await answers('another-5')).toMatchObject({ recovered: false, reason: 'epoch' });
    expect(await answers(`${feed.epoch}-99`)).toMatchObject({ recovered: false, reason: 'epoch' });
    await eventLog.trim({ epoch: feed.epoch, offset: 10n });
    expect(await answers(`${feed.epoch}-5`)).toMatchObject({ recovered: false, reason: 'expired' });
    await say(...many(30).map(() => ({ workspaceId: 'ws_2' })));
    expect(await answers(`${feed.epoch}-12`)).toMatchObject({ recovered: true });
  });

  it('goes on from the head, and says so, when the log lets go of what is being read', async () => {
    const { eventLog, feed, say, listen, head } = await bench({ ring: { count: 3, weight: 1_000_000 } });
    const since = head();
    const all = await say(...many(600));
    const { listener, receiver } = listen(new Receiver(2));
    await subscribe(listener, { since });
    await receiver.until(({ received }) => received.length === 2);
    await eventLog.trim({ epoch: feed.epoch, offset: 590n });
    receiver.drain(Number.POSITIVE_INFINITY);
    await receiver.until(({ news }) => news.length > 0);
    expect(receiver.news).toEqual([{ kind: 'gap', sub: 'a', reason: 'expired', from: head() }]);
    const [later] = await say({});
    expect(receiver.ids()).toEqual([...all.slice(0, 256), later]);
  });

  it.each([new Error('disk gone'), new DomainError('log.unavailable', 'unavailable', 'Away.')])(
    'ends when the log fails with %s',
    async (failure) => {
      const { eventLog, say, listen, head } = await bench({ ring: { count: 3, weight: 1_000_000 } });
      const since = head();
      await say(...many(20));
      const { listener, receiver } = listen(new Receiver(2));
      await subscribe(listener, { since });
      await receiver.until(({ received }) => received.length === 2);
      eventLog.failure = failure;
      receiver.drain(Number.POSITIVE_INFINITY);
      await receiver.until(({ ended }) => ended !== undefined);
      expect(receiver.ended).toMatchObject({ refusal: 'unavailable' });
      await expect(subscribe(listener, { since })).rejects.toBe(failure);
    },
  );

  it('leads one that begins while another is led, from where it asked', async () => {
    const { say, listen, head } = await bench({ ring: { count: 3, weight: 1_000_000 } });
    const since = head();
    await say({ type: 'first' }, ...many(20));
    const { listener, receiver } = listen(new Receiver(4));
    await subscribe(listener, { since });
    await receiver.until(({ received }) => received.length === 4);
    await subscribe(listener, { id: 'b', types: ['first', 'last'], since });
    receiver.drain(Number.POSITIVE_INFINITY);
    await receiver.until(({ news }) => news.length === 2);
    await say({ type: 'last' });
    const subs = receiver.received.map((delivery) => delivery.subs.join(''));
    expect(subs).toEqual(['a', 'a', 'a', 'a', 'b', ...Array.from({ length: 17 }, () => 'a'), 'ab']);
  });

  it('believes a client that is ahead of the feed, if the log is too', async () => {
    const { eventLog, feed, say, listen } = await bench();
    await say(...many(10));
    feed.begin({ ...(await eventLog.range()), last: 5n }, 'epoch');
    const { listener, receiver } = listen();
    const since = `${feed.epoch}-10`;
    expect(await subscribe(listener, { since })).toEqual({ position: since, recovered: true });
    expect(receiver.news).toEqual([{ kind: 'caught-up', sub: 'a', position: since }]);
  });

  it('goes on in a log that took the place of the old one, and says so', async () => {
    const { feed, say, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener);
    await say({});
    feed.begin({ epoch: 'new', first: 1n, last: 7n, bytes: 0, capacity: 1 }, 'epoch');
    expect(receiver.news).toEqual([{ kind: 'gap', sub: 'a', reason: 'epoch', from: 'new-7' }]);
  });
});

describe('a receiver that takes slowly', () => {
  it('is fed at its own pace, and gets everything once', async () => {
    const { say, listen } = await bench({ ring: { count: 5, weight: 1_000_000 } });
    const [slow, quick] = [listen(new Receiver(2)), listen()];
    await subscribe(slow.listener);
    await subscribe(quick.listener);
    const all = [...(await say(...many(20)))];
    expect(slow.receiver.received).toHaveLength(2);
    expect(quick.receiver.received).toHaveLength(20);
    for (let count = 4; count <= 20; count += 2) {
      slow.receiver.drain();
      await slow.receiver.until(({ received }) => received.length >= count);
    }
    slow.receiver.drain(Number.POSITIVE_INFINITY);
    all.push(...(await say({})));
    await slow.receiver.until(({ received }) => received.length === 21);
    expect(slow.receiver.ids()).toEqual(all);
    expect(slow.receiver.news).toEqual([]);
  });

  it('is let go after half a minute, with its position', async () => {
    const { clock, say, listen } = await bench();
    const { listener, receiver } = listen(new Receiver(2));
    await subscribe(listener);
    await say(...many(3));
    clock.jump(30_001);
    receiver.drain();
    await receiver.until(({ ended }) => ended !== undefined);
    expect(receiver.ended).toMatchObject({ code: 'events.slow', facts: { position: expect.stringMatching(/-2$/) } });
  });

  it('is told when it lost what is on no log', async () => {
    const { feed, draft, say, listen, head } = await bench();
    const { listener, receiver } = listen(new Receiver(1));
    await subscribe(listener);
    await subscribe(listener, { id: 'b', types: ['other'] });
    await say({});
    feed.pass(draft({ keep: 'live' }));
    feed.pass(draft({ keep: 'live' }));
    receiver.drain();
    await receiver.until(({ news }) => news.length > 0);
    expect(receiver.news).toEqual([{ kind: 'gap', sub: 'a', reason: 'live-dropped', from: head() }]);
    const { receiver: gone, listener: leaving } = listen(new Receiver(1));
    await subscribe(leaving);
    feed.pass(draft({ keep: 'live' }));
    feed.pass(draft({ keep: 'live' }));
    gone.drain(0, true);
    await Promise.resolve();
    expect(gone.news).toEqual([]);
  });
});
