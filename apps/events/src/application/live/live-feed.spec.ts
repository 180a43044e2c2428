import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventLog, type LoggedEvent } from '@millrace/messaging';
import { Metrics, PinoLog } from '@millrace/observability';
import { VirtualTime } from '@millrace/testing';
import { ProtobufEnvelopeJson } from '../../infrastructure/protobuf-envelope-json';
import { Measures } from '../measures';
import type { Follower } from './group';
import { LiveFeed } from './live-feed';

const LONG = 120_000;

/** Has subscribed to nothing. */
const bystander: Follower = {
  mark: () => false,
  deliverMarked: () => undefined,
  lose: () => undefined,
  revoke: () => false,
  note: () => false,
};

/** Something that takes rights away, said two seconds ago. */
const taking = (id: string, workspaceId: string, type: string, payload: object): LoggedEvent => ({
  ...{ id, workspaceId, type, time: 998_000, payload: new TextEncoder().encode(JSON.stringify(payload)), correlationId: 'req_1' },
  ...{ actor: { kind: 'service', id: 'workspaces' }, source: {}, recordedAt: 999_000, sequence: 1n },
  position: { epoch: 'log', offset: 1n },
});

describe('rights that are taken away', () => {
  it('are counted once for each who loses something by it, from when it happened', async () => {
    const [clock, metrics] = [new VirtualTime(1_000_000), new Metrics('events')];
    const eventLog = new SqliteEventLog({ file: ':memory:', clock });
    const parts = { measures: new Measures(metrics), log: new PinoLog('events', 'silent') };
    const feed = new LiveFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, alarms: clock, ...parts });
    for (const follower of [bystander, { ...bystander, revoke: () => true }, { ...bystander, note: () => true }]) feed.enter(follower, 0n);
    feed.closings.enter({ is: () => ({ principal: { kind: 'user', id: 'ada', roles: [] }, metAt: 0 }), end: () => undefined });
    const counted = async () => {
      const text = await metrics.registry.metrics();
      return ['count', 'sum'].map((what) => Number(new RegExp(`live_revocation_seconds_${what}\\{.*\\} (.*)`).exec(text)?.[1]));
    };
    feed.take(taking('e1', 'ws_1', 'orders.paid', {}));
    expect(await counted()).toEqual([0, 0]);
    feed.take(taking('e2', 'ws_1', 'workspaces.members.left', { user: 'ada' }));
    feed.take(taking('e3', 'ws_1', 'events.topics.left', { topic: 'crew', user: 'ada' }));
    feed.take(taking('e4', 'platform', 'gateway.sessions.closed', { user: 'ada' }));
    expect(await counted()).toEqual([3, 6]);
    await eventLog.close();
  });
});

describe('what is kept of the newest events', () => {
  const clock = new VirtualTime(1_000_000);
  let eventLog: SqliteEventLog;
  let feed: LiveFeed;
  let said = 0n;

  beforeEach(async () => {
    eventLog = new SqliteEventLog({ file: ':memory:', clock });
    const parts = { measures: new Measures(new Metrics('events')), log: new PinoLog('events', 'silent') };
    feed = new LiveFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, alarms: clock, ...parts });
    feed.begin(await eventLog.range(), 'epoch');
    said = 0n;
  });
  afterEach(async () => {
    await eventLog.close();
  });

  function say(count: number): void {
    for (let n = 0; n < count; n++) {
      said += 1n;
      feed.take({
        ...{ id: `e${said}`, workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new Uint8Array(2) },
        ...{ correlationId: 'req_1', actor: { kind: 'user', id: 'ada' }, source: {} },
        ...{ position: { epoch: feed.epoch, offset: said }, recordedAt: 1, sequence: 1n },
      });
    }
  }

  it('is little while nobody listens', () => {
    say(300);
    expect(feed.from).toBe(200n);
  });

  it('is everything from when somebody is expected, until it has long not come', () => {
    say(300);
    expect(feed.expect()).toBe(300n);
    say(300);
    expect(feed.from).toBe(200n);
    clock.jump(LONG);
    say(1);
    expect(feed.from).toBe(501n);
  });

  it('is everything while somebody listens, and until it has long been gone', () => {
    feed.enter(bystander, feed.expect());
    clock.jump(LONG);
    say(300);
    expect(feed.from).toBe(0n);
    feed.leave(bystander);
    say(300);
    expect(feed.from).toBe(0n);
    clock.jump(LONG);
    say(1);
    expect(feed.from).toBe(501n);
  });
});
