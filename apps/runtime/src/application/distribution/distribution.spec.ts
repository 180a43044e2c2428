import { beforeEach, describe, expect, it } from '@jest/globals';
import { person, VirtualTime } from '@millrace/testing';
import { KeptLog, ToldRights } from '../testing/told';
import { ActiveRecords, type ActiveRecord } from './ports/active-records';
import { Runtimes, type RuntimeInstance } from './ports/runtimes';
import { Presence } from './presence';
import { ShowRollout } from './show-rollout';

class Records extends ActiveRecords {
  readonly records = new Map<string, ActiveRecord>();
  private readonly told = new Set<(workspaceId: string) => void>();
  private last = 0;

  /** Says what is to run, and that this process has seen it. */
  set(workspaceId: string, record: ActiveRecord): void {
    this.records.set(workspaceId, record);
    this.last = record.revision;
    for (const tell of this.told) tell(workspaceId);
  }

  /** Tells of a record again. */
  repeat(workspaceId: string): void {
    for (const tell of this.told) tell(workspaceId);
  }

  override async current(workspaceId: string): Promise<ActiveRecord | undefined> {
    return this.records.get(workspaceId);
  }

  override seen(): number {
    return this.last;
  }

  override follow(changed: (workspaceId: string) => void): () => void {
    this.told.add(changed);
    return () => void this.told.delete(changed);
  }
}

class Instances extends Runtimes {
  readonly said: number[] = [];
  readonly running = new Map<string, RuntimeInstance>();
  away = false;

  override async announce(instance: RuntimeInstance): Promise<void> {
    if (this.away) throw new Error('away');
    this.said.push(instance.seen);
    this.running.set(instance.instance, instance);
  }

  override async withdraw(instance: string): Promise<void> {
    this.running.delete(instance);
  }

  override async list(): Promise<readonly RuntimeInstance[]> {
    return [...this.running.values()];
  }
}

let time: VirtualTime;
let records: Records;
let runtimes: Instances;
let log: KeptLog;

beforeEach(() => {
  [time, records, runtimes, log] = [new VirtualTime(1_000), new Records(), new Instances(), new KeptLog()];
});

const version = (revision: number): ActiveRecord => ({ version: `ver_${revision}`, digest: `d${revision}`, revision });

describe('an instance that runs', () => {
  const presence = () => new Presence({ instance: 'rt_1', records, runtimes, clock: time, alarms: time, log });

  it('says so every few seconds, and at once when it has seen more, until it stops', async () => {
    const one = presence();
    await one.start();
    await time.advance(6_000);
    expect(runtimes.said).toEqual([0, 0, 0]);
    records.set('ws_1', version(7));
    await time.advance(0);
    expect([runtimes.said.at(-1), [...runtimes.running.values()]]).toEqual([7, [{ instance: 'rt_1', seen: 7, startedAt: 1_000 }]]);
    await one.stop();
    records.set('ws_1', version(8));
    await time.advance(10_000);
    expect([runtimes.said.length, runtimes.running.size, time.pending()]).toEqual([4, 0, 0]);
  });

  it('does not say again what it has said when nothing is new', async () => {
    await presence().start();
    records.repeat('ws_1');
    await time.advance(0);
    expect(runtimes.said).toEqual([0]);
  });

  it('goes on when it cannot say so, and says it when that is possible again', async () => {
    runtimes.away = true;
    await presence().start();
    expect(log.lines).toEqual(['This instance cannot say that it runs.']);
    runtimes.away = false;
    await time.advance(3_000);
    expect(runtimes.said).toEqual([0]);
  });
});

describe('a rollout', () => {
  const shown = async () => {
    const rights = new ToldRights();
    rights.rights.set('ada', ['read automations']);
    const context = { principal: person('ada'), correlationId: 'req_1', deadline: Infinity };
    return new ShowRollout({ rights, records, runtimes }).run(context, 'ws_1');
  };

  it('has settled when every instance has seen what is to run', async () => {
    records.set('ws_1', version(5));
    await runtimes.announce({ instance: 'rt_1', seen: 5, startedAt: 1 });
    await runtimes.announce({ instance: 'rt_2', seen: 4, startedAt: 2 });
    expect(await shown()).toEqual({
      ...{ version: 'ver_5', digest: 'd5', settled: false },
      instances: [
        { instance: 'rt_1', startedAt: 1, behind: false, digest: 'd5' },
        { instance: 'rt_2', startedAt: 2, behind: true },
      ],
    });
    await runtimes.announce({ instance: 'rt_2', seen: 9, startedAt: 2 });
    expect((await shown()).settled).toBe(true);
  });

  it('is of nothing where nothing is to run, and not settled while nobody runs anything', async () => {
    expect(await shown()).toEqual({ settled: false, instances: [] });
    await runtimes.announce({ instance: 'rt_1', seen: 5, startedAt: 1 });
    expect(await shown()).toEqual({ settled: true, instances: [{ instance: 'rt_1', startedAt: 1, behind: false }] });
  });
});
