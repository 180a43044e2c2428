import { afterEach, describe, expect, it } from '@jest/globals';
import { liveBench, many, readerIn, Receiver, subscribe } from '../../../testing/live-bench';
import { Attendance } from './attendance/attendance';
import { Listener } from './listener';
import type { FeedParts } from './live-feed';
import { WorkspaceReading } from './reading/workspace-reading';

const cleanups: (() => Promise<void>)[] = [];
const bench = (options?: Pick<FeedParts, 'ring' | 'farthest'>) => liveBench(cleanups, options);

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const payload = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('a receiver with many wishes', () => {
  const seated = async (subscriptionsPerSocket: number) => {
    const limits = { socketsPerUser: 1, subscriptionsPerUser: 100, socketsPerWorkspace: 1, subscriptionsPerSocket };
    const { listen } = await bench();
    return listen(new Receiver(), 'ws_1', new Attendance(limits, () => undefined).enter({ who: 'user/ada', connection: {} })).listener;
  };

  it('has no more of them for asking for all at once', async () => {
    const listener = await seated(3);
    const asked = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => listener.subscribe({ id })));
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  it('has the same one once, however often it was asked for at once, and nothing of what was refused', async () => {
    const listener = await seated(3);
    const twice = await Promise.all([listener.subscribe({ id: 'a' }), listener.subscribe({ id: 'a' })]);
    for (const { begin } of twice) begin();
    await expect(listener.subscribe({ id: 'b', since: 'never' })).rejects.toThrow(
      expect.objectContaining({ code: 'events.position_invalid' }),
    );
    for (const id of ['b', 'c', 'a']) await subscribe(listener, { id });
    await expect(listener.subscribe({ id: 'd' })).rejects.toThrow(expect.objectContaining({ code: 'events.too_many_subscriptions' }));
  });

  it('has none that begin when it has gone', async () => {
    const listener = await seated(1);
    const { begin } = await listener.subscribe({ id: 'a' });
    listener.close();
    begin();
    await expect(listener.subscribe({ id: 'b' })).resolves.toBeDefined();
  });
});

describe('a receiver that falls behind', () => {
  it('gets everything once by each subscription, by those too that were catching up already', async () => {
    const { say, listen, head } = await bench();
    const { listener, receiver } = listen(new Receiver(1));
    await subscribe(listener, { types: ['orders.paid'] });
    const since = head();
    const first = await say({});
    await subscribe(listener, { id: 'b', types: ['orders.paid'], since });
    const later = await say({}, {});
    receiver.drain(Number.POSITIVE_INFINITY);
    await receiver.until(({ news }) => news.length === 1);
    const got = (sub: string): number => receiver.received.filter(({ subs }) => subs.includes(sub)).length;
    expect([got('a'), got('b')]).toEqual([3, 3]);
    expect(new Set(receiver.ids())).toEqual(new Set([...first, ...later]));
  });

  it('goes on from where it began when it has never taken anything', async () => {
    const { say, listen } = await bench();
    await say(...many(3));
    const { listener, receiver } = listen();
    await subscribe(listener);
    receiver.drain(0);
    const ids = await say({}, {});
    expect(receiver.received).toEqual([]);
    receiver.drain(Number.POSITIVE_INFINITY);
    await receiver.until(({ received }) => received.length === 2);
    expect(receiver.ids()).toEqual(ids);
  });

  it('is led from where the last of its subscriptions began, though the log was just read to its end for another', async () => {
    const { eventLog, say, listen, head } = await bench({ ring: { count: 3, weight: 1_000_000 } });
    const since = head();
    const missed = await say(...many(5));
    await say(...many(10).map(() => ({ workspaceId: 'ws_2' })));
    const { listener, receiver } = listen();
    const late = await listener.subscribe({ id: 'b', since });
    eventLog.atEnd = async () => {
      eventLog.atEnd = async () => undefined;
      late.begin();
    };
    await subscribe(listener, { since });
    await receiver.until(({ news }) => news.length === 2);
    const subs = receiver.received.map((delivery) => delivery.subs.join(''));
    expect(subs).toEqual([...missed.map(() => 'a'), ...missed.map(() => 'b')]);
  });
});

describe('what is addressed to a topic', () => {
  const told = (what: string, more: object, workspaceId = 'ws_1') => ({
    ...{ type: `events.topics.${what}`, workspaceId, payload: payload({ topic: 'crew', ...more }), target: { user: 'nobody' } },
  });

  it('comes while they are in it, and they are told once when they no longer are', async () => {
    const { clock, feed, say } = await bench();
    const rules = [{ allow: ['read'], on: ['events'], where: 'target.topic = ${user.topics}' }] as const;
    const { permission, ...reader } = readerIn('ws_1', rules);
    const receiver = new Receiver();
    const reading = new WorkspaceReading({ ...reader, permission: permission.inTopics([]) }, clock);
    await subscribe(new Listener(reading, feed, receiver, feed.head));
    const forCrew = { target: { topic: 'crew' } };
    const changes = [told('joined', { user: 'eve' }), told('joined', { user: 'ada' }, 'ws_2')];
    await say(forCrew, ...changes, forCrew);
    expect(receiver.ids()).toEqual([]);
    const [, , came, , still] = await say(
      told('joined', { user: 'ada' }),
      told('joined', { user: 'ada' }),
      forCrew,
      told('left', { user: 'eve' }),
      forCrew,
    );
    expect(receiver.ids()).toEqual([came, still]);
    await say(told('deleted', {}), told('left', { user: 'ada' }), forCrew);
    expect(receiver.ids()).toEqual([came, still]);
    expect(receiver.news).toEqual([{ kind: 'revoked', topic: 'crew' }]);
  });

  it('comes anyway for those who need not be in it, and they are told of nothing', async () => {
    const { say, listen } = await bench();
    const { listener, receiver } = listen();
    await subscribe(listener, { types: ['orders.paid'] });
    const [, id] = await say(told('left', { user: 'ada' }), { target: { topic: 'crew' } });
    expect(receiver.ids()).toEqual([id]);
    expect(receiver.news).toEqual([]);
  });

  it('does not come to who left it while what they may read was asked for anew', async () => {
    const { clock, feed, say } = await bench();
    const rules = [{ allow: ['read'], on: ['events'], where: 'target.topic = ${user.topics}' }] as const;
    const { permission, ...reader } = readerIn('ws_1', rules);
    const crew = () => new WorkspaceReading({ ...reader, permission: permission.inTopics(['crew']) }, clock);
    const receiver = new Receiver();
    const listener = new Listener(crew(), feed, receiver, feed.head);
    await subscribe(listener);
    const asOf = feed.expect();
    const asked = crew();
    await say(told('left', { user: 'ada' }));
    listener.renew(asked, asOf);
    await say({ target: { topic: 'crew' } });
    expect(receiver.ids()).toEqual([]);
  });
});

describe('rights that end by themselves', () => {
  const NOW = 1_000_000;
  const HOUR = 3_600_000;

  it('end what was let in by them, before anything later comes', async () => {
    const { clock, feed, say } = await bench();
    const receiver = new Receiver();
    const reading = new WorkspaceReading({ ...readerIn('ws_1'), until: NOW + HOUR }, clock);
    await subscribe(new Listener(reading, feed, receiver, feed.head));
    await clock.advance(HOUR - 1);
    const ids = await say({});
    expect([receiver.ids(), receiver.ended]).toEqual([ids, undefined]);
    await clock.advance(1);
    expect(receiver.ended).toMatchObject({ code: 'events.rights_changed', refusal: 'unauthenticated' });
  });

  it('that are over when they come, by a clock that is ahead, end a moment later', async () => {
    const { clock, feed } = await bench();
    const receiver = new Receiver();
    const reading = new WorkspaceReading({ ...readerIn('ws_1'), until: NOW - 5 }, clock);
    await subscribe(new Listener(reading, feed, receiver, feed.head));
    await clock.advance(999);
    expect(receiver.ended).toBeUndefined();
    await clock.advance(1);
    expect(receiver.ended).toMatchObject({ code: 'events.rights_changed' });
  });

  it('do not end who has got later ones, nor is anything left of who has gone', async () => {
    const { clock, feed } = await bench();
    const [receiver, readingUntil] = [
      new Receiver(),
      (end: number) => new WorkspaceReading({ ...readerIn('ws_1'), until: NOW + end }, clock),
    ];
    const listener = new Listener(readingUntil(HOUR), feed, receiver, feed.head);
    listener.renew(readingUntil(2 * HOUR), feed.head);
    await clock.advance(HOUR);
    expect([receiver.ended, clock.pending()]).toEqual([undefined, 1]);
    listener.close();
    expect(clock.pending()).toBe(0);
  });
});
