import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { DeadLetter, DeadLetters, LoggedEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import type { RedriveJob } from '../../../domain/dead-letters/redrive-job';
import { KeptLog, ToldRights } from '../../testing/told';
import { Announcements } from '../announcements';
import { KeptJobs } from '../jobs/kept-jobs';
import { ClearDeadLetters } from './clear-dead-letters';
import { LetterBox } from './letter-box';
import { LetterNews } from './letter-news';
import { Redrives } from './redrives';

const WORKSPACE = 'ws_1';

describe('a redrive of dead letters', () => {
  let ports: ReturnType<typeof memoryPorts>;
  let ids: SystemIds;
  let jobs: KeptJobs<RedriveJob>;
  let letters: Map<string, DeadLetter>;
  let handed: string[];
  let timers: Map<string, number>;
  let log: KeptLog;
  /** What handing a letter out does besides. */
  let handing: (id: string) => Promise<void>;

  beforeEach(async () => {
    ports = memoryPorts();
    ids = new SystemIds(ports.clock);
    jobs = new KeptJobs(await ports.keyValue.bucket('redrives'), 'letters');
    letters = new Map();
    handed = [];
    timers = new Map();
    log = new KeptLog();
    handing = () => Promise.resolve();
  });

  const kept: DeadLetters = {
    list: async (limit, after = '') => [...letters.values()].filter(({ id }) => id > after).slice(0, limit),
    get: async (id) => letters.get(id),
    redrive: async (id) => {
      await handing(id);
      handed.push(id);
      return true;
    },
    discard: async (id) => letters.delete(id),
  };
  const set = async (name: string, due: number): Promise<void> => void timers.set(name, due);
  const news = () => new LetterNews(new Announcements({ ...ports, ids }), ids);
  const box = () => new LetterBox(kept, ids);
  const worker = () => new Redrives({ ...ports, jobs, box: box(), news: news(), timers: { set }, ids, log });
  const clear = () => {
    const rights = new ToldRights();
    rights.rights.set('ada', ['manage dead-letters']);
    return new ClearDeadLetters({ box: box(), redrives: worker(), news: news(), rights });
  };
  const context = () => ({ principal: { ...person('ada'), onBehalfOf: 'eve' }, correlationId: 'cor_1', deadline: Infinity });
  /** So many letters of the workspace, and one of another. */
  const dead = (count: number): void => {
    for (let no = 0; no <= count; no++) {
      const id = String(no).padStart(3, '0');
      const event = { id: `evt_${no}`, workspaceId: no === count ? 'ws_2' : WORKSPACE, type: 'orders.placed' } as LoggedEvent;
      letters.set(id, { id, durable: 'runtime', event, reason: 'gone', attempts: 5, firstFailedAt: 1, lastFailedAt: 1 });
    }
  };
  const asked = (rate: number, choice: object = {}) =>
    clear().redrive(context(), WORKSPACE, { letters: [], fingerprint: '', ...choice }, rate);
  /** Fires the timer of the only job, at its time. */
  const tick = async (): Promise<void> => {
    const [[name, due] = ['', 0]] = timers;
    timers.clear();
    await ports.advance(Math.max(0, due - ports.clock.now()));
    await worker().onTimer(name);
  };
  const told = async () => {
    const events = await Array.fromAsync(ports.eventLog.read('first', `${WORKSPACE}.runtime.dead-letters.redriven`, { live: false }));
    return events.map(({ payload }) => (JSON.parse(new TextDecoder().decode(payload)) as { letter: string }).letter);
  };
  const away = () => Promise.reject(new DomainError('log.unavailable', 'unavailable', 'Away.'));

  it('hands out as many in a second as it may, the oldest first, and leaves nothing behind', async () => {
    dead(5);
    expect(await asked(2)).toBe(5);
    const begun = ports.clock.now();
    await tick();
    expect([handed, ports.clock.now() - begun]).toEqual([['000', '001'], 0]);
    await tick();
    await tick();
    expect([handed, ports.clock.now() - begun]).toEqual([['000', '001', '002', '003', '004'], 2_000]);
    expect([timers.size, await jobs.list(WORKSPACE)]).toEqual([0, []]);
    const [event] = await Array.fromAsync(ports.eventLog.read('first', `${WORKSPACE}.runtime.dead-letters.*`, { live: false }));
    expect(event).toMatchObject({ actor: { kind: 'user', id: 'ada', onBehalfOf: 'eve' }, correlationId: 'cor_1' });
  });

  it('whose timer was lost is taken on again by whoever starts', async () => {
    dead(1);
    await asked(2);
    const due = [...timers];
    timers.clear();
    await worker().start();
    expect([...timers]).toEqual(due);
    await tick();
    expect(handed).toEqual(['000']);
  });

  it('of nothing is none', async () => {
    dead(0);
    expect([await asked(2), timers.size]).toEqual([0, 0]);
  });

  it('goes on elsewhere when whoever had it is gone, and hands out nothing again that has failed since', async () => {
    dead(3);
    await asked(3);
    handing = async (id) => {
      const letter = letters.get(id);
      if (letter !== undefined) letters.set(id, { ...letter, lastFailedAt: 7 });
    };
    const [name = ''] = timers.keys();
    const kept = jobs;
    let isGone = false;
    jobs = Object.assign(Object.create(kept) as typeof kept, {
      change: (...change: Parameters<typeof kept.change>) => {
        if (isGone) return Promise.reject(new TypeError('The process ends here.'));
        isGone = true;
        return kept.change(...change);
      },
    });
    await expect(worker().onTimer(name)).rejects.toThrow('The process ends here.');
    jobs = kept;
    await worker().onTimer(name);
    expect([await jobs.list(WORKSPACE), timers.get(name)]).toMatchObject([[{ seen: 0 }], ports.clock.now() + 60_000]);
    await tick();
    expect(handed).toEqual(['000', '001', '002']);
    expect(await told()).toEqual(['000', '001', '002']);
    expect(await jobs.list(WORKSPACE)).toEqual([]);
  });

  it('is left to whoever has it in hand, and looked after when that one would be gone', async () => {
    dead(2);
    await asked(2);
    const [name = ''] = timers.keys();
    handing = async (id) => {
      if (id === '000') await worker().onTimer(name);
    };
    await tick();
    expect(handed.toSorted()).toEqual(['000', '001']);
    expect(timers.get(name)).toBe(ports.clock.now() + 60_000);
    await worker().onTimer(name);
    expect(handed).toHaveLength(2);
  });

  it('is counted once when two had it in hand', async () => {
    dead(4);
    await asked(2);
    const [name = ''] = timers.keys();
    let isSlow = true;
    handing = async () => {
      if (!isSlow) return;
      isSlow = false;
      await ports.advance(60_000);
      await worker().onTimer(name);
    };
    await tick();
    expect(await jobs.list(WORKSPACE)).toMatchObject([{ seen: 2, matched: 4 }]);
  });

  it('waits for what is away, and loses none', async () => {
    dead(3);
    await asked(3);
    handing = async (id) => (id === '001' ? away() : undefined);
    await tick();
    expect(await jobs.list(WORKSPACE)).toMatchObject([{ seen: 1, matched: 3 }]);
    handing = () => Promise.resolve();
    await tick();
    expect(new Set(handed)).toEqual(new Set(['000', '001', '002']));
    expect([log.lines, timers.size]).toEqual([[], 0]);
    expect(await told()).toEqual(['000', '001', '002']);
  });

  it('goes on behind a letter that cannot be handed out, and leaves out those that were discarded', async () => {
    dead(4);
    await asked(4);
    await clear().discard(context(), WORKSPACE, { letters: ['002'], fingerprint: '' });
    handing = (id) => (id === '001' ? Promise.reject(new Error('broken')) : Promise.resolve());
    await tick();
    expect(handed).toEqual(['000', '003']);
    expect(log.lines).toEqual(['A dead letter could not be handed out again.']);
  });

  it('whose workspace is gone does nothing more', async () => {
    dead(3);
    await asked(1);
    const [name = ''] = timers.keys();
    handing = async () => {
      for (const job of await jobs.list(WORKSPACE)) await jobs.remove(job);
    };
    await tick();
    await worker().onTimer(name);
    expect([handed, timers.size]).toEqual([['000'], 0]);
  });
});
