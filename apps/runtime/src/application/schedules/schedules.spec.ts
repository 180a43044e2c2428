import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plan, type Plan } from '@millrace/language';
import { SqliteEventLog, SqliteKeyValue, type Bucket, type EventLog, type LoggedEvent } from '@millrace/messaging';
import { Log } from '@millrace/observability';
import { SystemIds } from '@millrace/service';
import { VirtualTime } from '@millrace/testing';
import { nothingRuns } from '../../domain/refusals';
import type { Model } from '../models';
import { Activations } from './ports/activations';
import { ScheduleControl } from './schedule-control';
import { Schedules } from './schedules';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 5, 1, 12);
const ADA = { kind: 'user', id: 'ada', roles: [] } as const;

class Kept extends Log {
  readonly lines: string[] = [];
  override debug(): void {}
  override info(): void {}
  override error(): void {}
  override warn(message: string): void {
    this.lines.push(message);
  }
}

/** The versions that run, which a spec changes. */
class Running extends Activations {
  away = false;
  private readonly plans = new Map<string, Plan>();
  private readonly listeners = new Set<(workspaceId: string) => void>();

  override follow(changed: (workspaceId: string) => void): () => void {
    for (const id of this.plans.keys()) changed(id);
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  }

  /** Activates a version with one automation, `report`; `undefined`: nothing runs any more. */
  activate(workspaceId: string, ...entries: readonly string[]): void {
    const text = `when:\n  schedules:\n${entries.map((entry) => `    - ${entry}\n`).join('')}do: []\n`;
    const workspace = { file: 'workspace.yaml', text: 'timeZone: Europe/Paris\n' };
    this.plans.set(workspaceId, plan({ workspace, automations: entries.length === 0 ? [] : [{ file: 'automations/report.yaml', text }] }));
    this.tell(workspaceId);
  }

  remove(workspaceId: string): void {
    this.plans.delete(workspaceId);
    this.tell(workspaceId);
  }

  find(workspaceId: string): Promise<Model | undefined> {
    if (this.away) return Promise.reject(new Error('nobody answers'));
    const known = this.plans.get(workspaceId);
    return Promise.resolve(known && { workspaceId, digest: 'd', plan: known });
  }

  async get(workspaceId: string): Promise<Model> {
    const model = await this.find(workspaceId);
    if (model === undefined) throw nothingRuns(workspaceId);
    return model;
  }

  private tell(workspaceId: string): void {
    for (const changed of this.listeners) changed(workspaceId);
  }
}

describe('Schedules', () => {
  let time: VirtualTime;
  let running: Running;
  let store: SqliteKeyValue;
  let bucket: Bucket;
  let eventLog: SqliteEventLog;
  let instances: Schedules[];
  const log = new Kept();

  const begin = (at: number): void => {
    time = new VirtualTime(at);
    store = new SqliteKeyValue({ file: ':memory:', clock: time });
    eventLog = new SqliteEventLog({ file: ':memory:', clock: time });
  };
  const partsOf = (records: Bucket, events: EventLog = eventLog) => {
    return {
      activations: running,
      models: running,
      bucket: records,
      eventLog: events,
      clock: time,
      alarms: time,
      ids: new SystemIds(time),
      log,
    };
  };
  const started = async (records: Bucket = bucket, events: EventLog = eventLog, most?: number): Promise<Schedules> => {
    const schedules = new Schedules({ ...partsOf(records, events), ...(most === undefined ? {} : { most }) });
    instances.push(schedules);
    schedules.start();
    await time.advance(0);
    return schedules;
  };
  const control = (): ScheduleControl => new ScheduleControl(partsOf(bucket));
  const events = (): Promise<LoggedEvent[]> => Array.fromAsync(eventLog.read('first', '*.>', { live: false }));
  const payloads = async (type: string): Promise<Record<string, unknown>[]> => {
    const found = (await events()).filter((event) => event.type === `runtime.schedules.${type}`);
    return found.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>);
  };
  const times = async (type = 'ticked'): Promise<string[]> => (await payloads(type)).map(({ at }) => String(at).replace('.000Z', 'Z'));
  const idOf = async (workspaceId = 'ws_1'): Promise<string> => (await control().list(workspaceId))[0]?.schedule.id ?? '';

  beforeEach(async () => {
    begin(NOON);
    running = new Running();
    instances = [];
    log.lines.length = 0;
    bucket = await store.bucket('schedules');
  });

  afterEach(async () => {
    for (const schedules of instances) await schedules.stop();
    await eventLog.close();
    await store.close();
  });

  it('tells the log of each tick, with all that its run wants to know', async () => {
    running.activate('ws_1', "{ cron: '*/5 * * * *', overlap: queue }");
    await started();
    await time.advance(11 * MINUTE);
    expect(await times()).toEqual(['2026-06-01T12:05:00Z', '2026-06-01T12:10:00Z']);
    const [event] = await events();
    expect(event).toMatchObject({
      workspaceId: 'ws_1',
      keep: 'log',
      actor: { kind: 'service', id: 'runtime' },
      source: { service: 'runtime' },
    });
    expect(event?.key).toBeUndefined();
    expect(await payloads('ticked')).toContainEqual({
      automation: 'report',
      entry: await idOf(),
      value: '*/5 * * * *',
      at: '2026-06-01T12:05:00.000Z',
      late: 0,
      overlap: 'queue',
    });
  });

  it('follows what is activated, changed and removed', async () => {
    await started();
    running.activate('ws_1', "'@every 1m'");
    await time.advance(2 * MINUTE);
    expect(await times()).toHaveLength(2);
    running.activate('ws_1', "'@every 10m'");
    await time.advance(28 * MINUTE);
    expect(await times()).toEqual([
      '2026-06-01T12:01:00Z',
      '2026-06-01T12:02:00Z',
      '2026-06-01T12:10:00Z',
      '2026-06-01T12:20:00Z',
      '2026-06-01T12:30:00Z',
    ]);
    running.remove('ws_1');
    await time.advance(HOUR);
    expect(await times()).toHaveLength(5);
    expect(await bucket.list('')).toEqual([]);
  });

  it('fires a date once', async () => {
    running.activate('ws_1', "'2026-06-01T15:00'", "'2026-06-01T13:00'");
    await started();
    await time.advance(48 * HOUR);
    expect(await times()).toEqual(['2026-06-01T13:00:00Z']);
  });

  it('comes late by a fixed share of the jitter', async () => {
    running.activate('ws_1', '{ every: 10m, jitter: 5m }');
    await started();
    await time.advance(24 * HOUR);
    const late = (await payloads('ticked')).map((payload) => payload['late']);
    expect(late.length).toBeGreaterThan(140);
    expect(new Set(late).size).toBe(1);
    expect(late[0]).toBeGreaterThan(0);
    expect(late[0]).toBeLessThan(5 * MINUTE);
  });

  describe('when clocks change', () => {
    const restart = async (at: number): Promise<void> => {
      await eventLog.close();
      await store.close();
      begin(at);
      bucket = await store.bucket('schedules');
    };

    it('fires in spring at the end of the gap, or not at all', async () => {
      await restart(Date.UTC(2026, 2, 28, 12));
      running.activate('ws_1', "'30 2 * * *'");
      running.activate('ws_2', "{ cron: '30 2 * * *', dst: { missing: skip } }");
      await started();
      await time.advance(24 * HOUR);
      const ticks = (await events()).map(({ workspaceId, time: at }) => [workspaceId, new Date(at).toISOString()]);
      expect(ticks).toEqual([['ws_1', '2026-03-29T01:00:00.000Z']]);
      await time.advance(24 * HOUR);
      expect(await times()).toEqual(['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z', '2026-03-30T00:30:00Z']);
    });

    it('fires in autumn at the first of two equal times, or at both', async () => {
      await restart(Date.UTC(2026, 9, 24, 12));
      running.activate('ws_1', "'30 2 * * *'");
      await started();
      await time.advance(24 * HOUR);
      expect(await times()).toEqual(['2026-10-25T00:30:00Z']);
      await restart(Date.UTC(2026, 9, 24, 12));
      running.activate('ws_1', "{ cron: '30 2 * * *', dst: { repeated: both } }");
      await started();
      await time.advance(24 * HOUR);
      expect(await times()).toEqual(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']);
    });
  });

  describe('after downtime', () => {
    const away = async (entry: string, downtime: number, most?: number): Promise<void> => {
      running.activate('ws_1', entry);
      await (await started()).stop();
      time.jump(downtime);
      await started(bucket, eventLog, most);
    };

    it('makes up for all, as far as the policy reaches, and says what was missed', async () => {
      await away('{ every: 1m, missed: all, missedWithin: 3m }', 10 * MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:08:00Z', '2026-06-01T12:09:00Z', '2026-06-01T12:10:00Z']);
      expect((await payloads('ticked')).map(({ late }) => late)).toEqual([2 * MINUTE, MINUTE, 0]);
      expect(await times('missed')).toEqual([1, 2, 3, 4, 5, 6, 7].map((minute) => `2026-06-01T12:0${minute}:00Z`));
    });

    it('makes up for at most so many', async () => {
      await away('{ every: 1m, missed: all }', 10 * MINUTE, 3);
      expect(await times()).toEqual(['2026-06-01T12:08:00Z', '2026-06-01T12:09:00Z', '2026-06-01T12:10:00Z']);
    });

    it('makes up for the last', async () => {
      await away("'@every 1m'", 10.5 * MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:10:00Z']);
      expect(await times('missed')).toHaveLength(9);
    });

    it('makes up for none, and tells of what was missed once', async () => {
      await away('{ every: 1m, missed: none }', 10.5 * MINUTE);
      expect(await times()).toEqual([]);
      expect(await times('missed')).toHaveLength(10);
      await started();
      await time.advance(MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:11:00Z']);
      expect(await times('missed')).toHaveLength(10);
    });

    it('tells of a long past as a whole', async () => {
      await away('{ every: 1m, missed: none }', 1_000 * MINUTE + 30 * SECOND);
      const told = await payloads('missed');
      expect(told).toHaveLength(100);
      expect(told[0]).toMatchObject({ automation: 'report', value: '1m', since: '2026-06-01T12:01:00.000Z' });
      expect(told[1]).not.toHaveProperty('since');
    });

    it('knows the last tick again in a new version that keeps the schedule', async () => {
      running.activate('ws_1', "'@every 1m'");
      await (await started()).stop();
      time.jump(10 * MINUTE);
      running.activate('ws_1', '{ every: 1m, missed: all }', '{ every: 2m, missed: all }');
      await started();
      expect(await times()).toHaveLength(10);
    });

    it('has no past for a schedule that was gone meanwhile', async () => {
      running.activate('ws_1', "'@every 1m'");
      await started();
      running.activate('ws_1');
      await time.advance(10 * MINUTE);
      running.activate('ws_1', "'@every 1m'");
      await time.advance(MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:11:00Z']);
      expect(await times('missed')).toEqual([]);
    });

    it('goes on without the old place in a log that was begun anew', async () => {
      running.activate('ws_1', '{ every: 1m, missed: all }');
      await (await started()).stop();
      await eventLog.close();
      time.jump(5 * MINUTE);
      eventLog = new SqliteEventLog({ file: ':memory:', clock: time });
      await started();
      expect(await times()).toHaveLength(5);
    });
  });

  describe('several instances', () => {
    it('leave one of each tick on the log, even when they know nothing of each other', async () => {
      running.activate('ws_1', "'@every 1m'");
      await started();
      await started();
      await started(await store.bucket('elsewhere'));
      await time.advance(5 * MINUTE);
      expect(await times()).toHaveLength(5);
    });

    it('make up for a tick once that was told but not recorded', async () => {
      running.activate('ws_1', '{ every: 1m, missed: all }');
      const [before] = [await started()];
      const [kept] = await bucket.list('ws_1/');
      await time.advance(2 * MINUTE);
      await before.stop();
      await bucket.put(kept?.key ?? '', kept?.value ?? new Uint8Array());
      time.jump(2 * MINUTE);
      await started();
      expect(await times()).toHaveLength(4);
    });

    it('may all begin, pause and forget a schedule at the same moment', async () => {
      running.activate('ws_1', "'@every 1m'");
      await Promise.all([started(), started(), started()]);
      await time.advance(MINUTE);
      expect(await times()).toHaveLength(1);
      const id = await idOf();
      const states = await Promise.all([control().pause('ws_1', id), control().pause('ws_1', id)]);
      expect(states.map(({ pausedAt }) => pausedAt)).toEqual([NOON + MINUTE, NOON + MINUTE]);
      await control().resume('ws_1', id);
      running.remove('ws_1');
      await time.advance(MINUTE);
      expect(await bucket.list('')).toEqual([]);
      expect(log.lines).toEqual([]);
    });

    it('tick what another forgot', async () => {
      running.activate('ws_1', "'@every 1m'");
      await started();
      const [record] = await bucket.list('ws_1/');
      await bucket.delete(record?.key ?? '');
      await time.advance(MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:01:00Z']);
    });
  });

  describe('when something is away', () => {
    it('tries a version again until it can be had', async () => {
      running.activate('ws_1', "'@every 1m'");
      running.away = true;
      const schedules = await started();
      await time.advance(5 * SECOND);
      expect(log.lines).toHaveLength(3);
      running.away = false;
      await time.advance(55 * SECOND);
      expect(await times()).toEqual(['2026-06-01T12:01:00Z']);
      running.away = true;
      running.activate('ws_1', "'@every 2m'");
      await time.advance(0);
      await schedules.stop();
      expect(time.pending()).toBe(0);
    });

    it('begins as soon as its bucket is there', async () => {
      running.activate('ws_1', "'@every 1m'");
      const putIf = bucket.putIf.bind(bucket);
      bucket.putIf = () => Promise.reject(new Error('away'));
      await started();
      bucket.putIf = putIf;
      await time.advance(MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:01:00Z']);
    });

    it('tells nothing more once it is stopped', async () => {
      running.activate('ws_1', "'@every 1m'");
      const schedules = await started();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const get = bucket.get.bind(bucket);
      bucket.get = (key) => promise.then(() => get(key));
      await time.advance(MINUTE);
      const stopping = schedules.stop();
      resolve(undefined);
      await stopping;
      expect([await events(), time.pending()]).toEqual([[], 0]);
    });

    it('tells the log of a tick as soon as it is back', async () => {
      running.activate('ws_1', "'@every 1m'");
      await started();
      const append = eventLog.append.bind(eventLog);
      eventLog.append = () => Promise.reject(new Error('away'));
      await time.advance(MINUTE + 4 * SECOND);
      eventLog.append = append;
      await time.advance(20 * SECOND);
      expect((await payloads('ticked')).map(({ at, late }) => [at, late])).toEqual([['2026-06-01T12:01:00.000Z', 7 * SECOND]]);
      expect(log.lines).toHaveLength(3);
    });
  });

  describe('ScheduleControl', () => {
    it('lists what there is, with its next and last tick', async () => {
      running.activate('ws_1', "'@every 1m'", "'2026-05-01T08:00'");
      await started();
      await time.advance(90 * SECOND);
      const [ticking, past] = await control().list('ws_1');
      expect(ticking).toMatchObject({ schedule: { slug: 'report' }, next: NOON + 2 * MINUTE, last: NOON + MINUTE });
      expect(past).not.toHaveProperty('next');
      await expect(control().list('ws_2')).rejects.toMatchObject({ code: 'runtime.nothing_published' });
    });

    it('lists as next no tick that was over when the schedule came, however late its jitter makes it', async () => {
      running.activate('ws_1', '{ every: 10m, jitter: 5m }');
      const [unseen] = await control().list('ws_1');
      await started();
      const [seen] = await control().list('ws_1');
      const next = seen?.next ?? 0;
      expect([next >= NOON + 10 * MINUTE, unseen?.next]).toEqual([true, next]);
      await time.advance(next - NOON);
      expect(await payloads('ticked')).toMatchObject([{ at: '2026-06-01T12:10:00.000Z' }]);
    });

    it('pauses, so that nothing fires, and resumes without a look back', async () => {
      running.activate('ws_1', '{ every: 1m, missed: all }');
      await started();
      const id = await idOf();
      expect(await control().pause('ws_1', id)).toMatchObject({ pausedAt: NOON });
      await time.advance(5.5 * MINUTE);
      expect(await events()).toEqual([]);
      expect((await control().list('ws_1'))[0]).not.toHaveProperty('next');
      expect(await control().resume('ws_1', id)).toMatchObject({ next: NOON + 6 * MINUTE });
      await time.advance(MINUTE);
      expect(await times()).toEqual(['2026-06-01T12:06:00Z']);
      expect(await times('missed')).toEqual([]);
    });

    it('pauses for good: over restarts, and over versions without the schedule', async () => {
      running.activate('ws_1', "'@every 1m'");
      const first = await started();
      await control().pause('ws_1', await idOf());
      running.activate('ws_1');
      await time.advance(MINUTE);
      running.activate('ws_1', "'@every 1m'");
      await first.stop();
      await started();
      await time.advance(5 * MINUTE);
      expect(await events()).toEqual([]);
    });

    it('pauses what no instance has seen yet', async () => {
      running.activate('ws_1', "'@every 1m'");
      await control().pause('ws_1', await idOf());
      await started();
      await time.advance(5 * MINUTE);
      expect(await events()).toEqual([]);
    });

    it('previews the next times', async () => {
      running.activate('ws_1', "'0 9 * * mon'", "'2026-06-02T08:00Z'");
      const [weekly, once] = (await control().list('ws_1')).map(({ schedule }) => schedule.id);
      const preview = (await control().preview('ws_1', weekly ?? '', 3)).map((at) => new Date(at).toISOString());
      expect(preview).toEqual(['2026-06-08T07:00:00.000Z', '2026-06-15T07:00:00.000Z', '2026-06-22T07:00:00.000Z']);
      expect(await control().preview('ws_1', once ?? '', 3)).toHaveLength(1);
    });

    it('runs now, for whoever asks, even while it is paused', async () => {
      running.activate('ws_1', "'0 9 * * mon'");
      await control().pause('ws_1', await idOf());
      const id = await control().runNow('ws_1', await idOf(), { ...ADA, onBehalfOf: 'eve' });
      const [event] = await events();
      expect(event).toMatchObject({ id, type: 'runtime.schedules.ticked', actor: { kind: 'user', id: 'ada', onBehalfOf: 'eve' } });
      expect(await payloads('ticked')).toEqual([
        { automation: 'report', entry: await idOf(), value: '0 9 * * mon', at: '2026-06-01T12:00:00.000Z', late: 0, overlap: 'skip' },
      ]);
    });

    it('refuses a schedule that does not run', async () => {
      running.activate('ws_1', "'0 9 * * mon'");
      await expect(control().pause('ws_1', 'sch_none')).rejects.toMatchObject({ code: 'runtime.schedule_not_found', refusal: 'not-found' });
    });
  });
});
