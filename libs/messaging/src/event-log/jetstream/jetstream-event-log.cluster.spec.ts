import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aDurable, anEvent, collect, done, events, gate, idsOf, notes, settled, take } from '../contract/fixture';
import type { EventLogSettings } from '../contract/fixture';
import type { EventLog } from '../event-log';
import { eventLogContract } from '../event-log.contract';
import { JetStreamEventLog } from './jetstream-event-log';
import { LogFixtures } from './log-fixtures';

// A busy machine may take its time.
jest.setTimeout(60_000);

const fixtures = new LogFixtures(process.env['MILLRACE_NATS_URL']);

eventLogContract('JetStreamEventLog', (settings) => fixtures.open(settings));

describe('JetStreamEventLog', () => {
  let prefix: string;
  let connection: NatsConnection;
  let jsm: JetStreamManager;
  let logs: JetStreamEventLog[];
  let log: JetStreamEventLog;

  beforeEach(async () => {
    prefix = fixtures.prefix();
    connection = await connect({ servers: fixtures.servers });
    jsm = await jetstreamManager(connection);
    logs = [];
    log = await open();
  });

  afterEach(async () => {
    await Promise.all(logs.map((one) => one.close()));
    await connection.close();
    await fixtures.remove(prefix);
  });

  const open = async (settings?: EventLogSettings): Promise<JetStreamEventLog> => {
    const opened = await JetStreamEventLog.open(fixtures.options(prefix, settings));
    logs.push(opened);
    return opened;
  };
  const everything = async (from: EventLog): Promise<readonly string[]> => idsOf(await collect(from.read('first', '*.>', { live: false })));

  it('asks once how far it reaches for all who want to know at the same time, and never before what they appended', async () => {
    await log.append([anEvent()]);
    let asked = 0;
    connection.subscribe(`$JS.API.STREAM.INFO.${prefix}-EVENTS`, { callback: () => void (asked += 1) });
    await connection.flush();
    const early = log.range();
    const [one] = await log.append([anEvent()]);
    const late = await Promise.all(Array.from({ length: 100 }, () => log.range()));
    await early;
    await connection.flush();
    expect(new Set(late.map(({ last }) => last))).toEqual(new Set([one?.position.offset]));
    expect(asked).toBeLessThanOrEqual(3);
  });

  it('gives whoever wants one event few more', async () => {
    const shared = await JetStreamEventLog.open({ ...fixtures.options(prefix), connection });
    logs.push(shared);
    const [event] = await shared.append(events(300));
    const before = connection.stats().inMsgs;
    expect(idsOf(await take(1, shared.read('first', '*.>', { live: false })))).toEqual([event?.id]);
    expect(connection.stats().inMsgs - before).toBeLessThan(30);
  });

  it('knows an id beyond the window of the server when it is told where to look', async () => {
    await jsm.streams.update(`${prefix}-EVENTS`, { duplicate_window: 100_000_000 });
    const { epoch, last } = await log.range();
    const [old, probe] = [anEvent(), anEvent()];
    const [first] = await log.append([old]);
    await log.append([probe]);
    while ((await log.append([probe]))[0]?.duplicate === true) await settled(log);
    const since = { epoch, offset: last + 1n };
    expect(await log.append([old], { since })).toEqual([{ ...first, duplicate: true }]);
    const fresh = anEvent({ workspaceId: 'ws_2' });
    const answers = await log.append([fresh, old, fresh], { since });
    expect(answers.map(({ duplicate }) => duplicate)).toEqual([false, true, true]);
    expect(answers[1]).toEqual({ ...first, duplicate: true });
    expect(await log.append([old], { since: { epoch: 'other', offset: 7n } })).toEqual([{ ...first, duplicate: true }]);
  });

  it('appends what is new of a large call that it partly knows', async () => {
    const wanted = events(200);
    const known = await log.append(wanted.slice(50, 60));
    const appended = await log.append(wanted);
    expect(appended.flatMap((one) => (one.duplicate ? [{ ...one, duplicate: false }] : []))).toEqual(known);
    expect(new Set(await everything(log))).toEqual(new Set(idsOf(wanted)));
    expect(idsOf(appended)).toEqual(idsOf(wanted));
  });

  it('takes calls of more events than a batch may have', async () => {
    const wanted = events(2_500);
    await log.append(wanted);
    expect(await everything(log)).toEqual(idsOf(wanted));
  });

  it('takes all of a call or none when it is nearly full', async () => {
    const small = await open({ capacity: 100_000 });
    const payload = new TextEncoder().encode(`{"a":"${'x'.repeat(40_000)}"}`);
    const call = [anEvent({ payload }), anEvent({ payload }), anEvent({ payload }), anEvent()];
    await expect(small.append(call)).rejects.toMatchObject({ code: 'log.full', refusal: 'exhausted' });
    expect(await everything(small)).toEqual([]);
    await small.append(call.slice(0, 2));
    expect(await everything(small)).toEqual(idsOf(call.slice(0, 2)));
  });

  it('begins a new epoch when it is shorter than it had been, or another stream', async () => {
    await log.append(events(3));
    const { epoch, last } = await log.range();
    await log.close();
    connection.publish(`${prefix}.log.mark`, `${epoch}-${last + 4_096n}`);
    await connection.flush();
    const shorter = await open();
    const range = await shorter.range();
    expect([range.last, range.epoch]).toEqual([last, epoch.replace(/_0$/, '_1')]);
    const changed = { code: 'log.epoch_changed' };
    await expect(collect(shorter.read({ epoch, offset: last }, '*.>', { live: false }))).rejects.toMatchObject(changed);
    await shorter.close();
    expect((await (await open()).range()).epoch).toBe(range.epoch);
    await jsm.streams.delete(`${prefix}-EVENTS`);
    expect((await (await open()).range()).epoch).not.toMatch(new RegExp(`^(${epoch}|${range.epoch})$`));
  });

  it('begins the epoch that somebody names who has put a copy in its place, and keeps it', async () => {
    await log.append(events(3));
    const { epoch, last } = await log.range();
    await log.close();
    connection.publish(`${prefix}.log.mark`, 'restored-1763812800');
    await connection.flush();
    const restored = epoch.replace(/_0$/, '_1763812800');
    for (const opened of [await open(), await open()]) expect(await opened.range()).toMatchObject({ epoch: restored, last });
  });

  it('names the option that somebody else changed for good', async () => {
    await log.close();
    await jsm.streams.delete(`${prefix}-EVENTS`);
    await jsm.streams.add({ name: `${prefix}-EVENTS`, subjects: [`${prefix}.event.>`], storage: 'memory' });
    await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('storage') });
  });

  it('buries an event behind which more wait than is good for its lane', async () => {
    const seen = notes<string>();
    const isDown = gate();
    await log.consume(aDurable({ attempts: 3, parallel: 4 }), async ({ id, subject }) => {
      if (subject === 'stuck') {
        isDown.open();
        return { kind: 'retry', delay: 3_600_000, reason: 'down' };
      }
      seen.add(id);
      return done;
    });
    const [stuck] = await log.append([anEvent({ key: 'k', subject: 'stuck' })]);
    await isDown.opened;
    const rest = await log.append(events(600, () => ({ key: 'k' })));
    expect(await seen.until(600)).toEqual(idsOf(rest));
    expect(await log.dead('d').list(10)).toMatchObject([{ event: { id: stuck?.id }, reason: expect.stringContaining('log.key_overflow') }]);
  });

  it('hands what is left of an erased event to a durable that had not come to it, and to another process that had', async () => {
    const other = await open();
    const [hold, seen] = [gate(), notes<string>()];
    const idle = await log.consume(aDurable({ name: 'idle' }), async () => done);
    await idle.stop(1_000);
    await other.consume(aDurable({ name: 'busy', parallel: 1 }), async ({ payload }) => {
      seen.add(new TextDecoder().decode(payload));
      await hold.opened;
      return done;
    });
    const appended = await log.append(events(2, (n) => ({ key: 'k', payload: new TextEncoder().encode(`{"n":${n}}`) })));
    await seen.until(1);
    const erased = gate();
    const told = connection.subscribe(`${prefix}.erased`, { callback: () => erased.open() });
    await connection.flush();
    await log.remove(appended.slice(1).map(({ position }) => position));
    await erased.opened;
    told.unsubscribe();
    await settled(other);
    hold.open();
    expect(await seen.until(2)).toEqual(['{"n":0}', '{}']);
    const late = notes<string>();
    await log.consume(aDurable({ name: 'idle' }), async ({ payload }) => {
      late.add(new TextDecoder().decode(payload));
      return done;
    });
    expect([...(await late.until(2))].sort()).toEqual(['{"n":0}', '{}']);
    while ((await log.dead('idle').list(1)).length > 0) await settled(log);
  });
});
