import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HistoryMark } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import type { RunFilter } from '../../../domain/inspecting/run-filter';
import { ToldRights } from '../../testing/told';
import { Announcements } from '../announcements';
import type { EndedRun } from '../runs/ended-runs';
import { ReplayJobs } from './replay-jobs';
import type { NamedReplay } from './replay-runs';
import { RetryRuns } from './retry-runs';
import { WatchReplays } from './watch-replays';
import { WorkOffReplays } from './work-off-replays';

const WORKSPACE = 'ws_1';

describe('a replay of many runs', () => {
  let ports: ReturnType<typeof memoryPorts>;
  let ids: SystemIds;
  let jobs: ReplayJobs;
  let begun: NamedReplay[];
  let timers: Map<string, number>;
  /** What beginning a run does. */
  let beginning: (run: string) => Promise<void>;
  let rights: ToldRights;

  beforeEach(async () => {
    ports = memoryPorts();
    ids = new SystemIds(ports.clock);
    jobs = new ReplayJobs(await ports.keyValue.bucket('replays'));
    begun = [];
    timers = new Map();
    beginning = () => Promise.resolve();
    rights = new ToldRights();
    rights.rights.set('ada', ['replay runs']);
  });

  const set = async (name: string, due: number): Promise<void> => void timers.set(name, due);
  const once = async (_: string, replay: NamedReplay): Promise<void> => {
    await beginning(replay.run);
    begun.push(replay);
  };
  const worker = () => new WorkOffReplays({ ...ports, jobs, replayRuns: { once }, timers: { set }, ids });
  const parts = () => ({ ...ports, jobs, rights, ids, announcements: new Announcements({ ...ports, ids }) });
  const context = (more: object = {}) => ({ principal: { ...person('ada'), ...more }, correlationId: 'cor_1', deadline: Infinity });

  /** A job for the runs `0`, `1` … of which four are begun in a second. */
  const asked = async (count: number) => {
    const items = Array.from({ length: count }, (_, no) => ({ view: { id: String(no) } }) as unknown as EndedRun).toReversed();
    const half = { recordedAt: 1, offset: 1n };
    const search = async (_: string, __: RunFilter, { after }: { readonly after?: HistoryMark }) =>
      after === undefined ? { items: items.slice(0, count / 2), next: half } : { items: items.slice(count / 2) };
    const ended = { search, count: async () => count };
    const find = { ended: () => Promise.reject(new Error('nobody is asked')) };
    const retry = new RetryRuns({ ...parts(), find, ended, workOff: worker() });
    const terms = { version: 'same', rate: 4, dryRun: false } as const;
    return retry.run(context({ onBehalfOf: 'eve' }), WORKSPACE, { filter: { states: [] } }, terms);
  };
  const started = async (count: number) => {
    const { job } = await asked(count);
    if (job === undefined) throw new Error('There is no job.');
    return job;
  };
  /** Fires the timer of the only job, at its time. */
  const tick = async (): Promise<void> => {
    const [[name, due] = ['', 0]] = timers;
    timers.clear();
    await ports.advance(Math.max(0, due - ports.clock.now()));
    await worker().onTimer(name);
  };

  it('begins as many in a second as it may, each under a name of its own, the longest ended first', async () => {
    const { id } = await started(6);
    await tick();
    expect(begun.map(({ run }) => run)).toEqual(['0', '1', '2', '3']);
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'running', begun: 4, matched: 6, by: { id: 'ada', onBehalfOf: 'eve' } });
    await tick();
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'done', begun: 6 });
    expect(ports.clock.now() - (await jobs.get(WORKSPACE, id)).createdAt).toBe(1_000);
    expect(new Set(begun.map(({ as }) => as)).size).toBe(6);
    expect(timers.size).toBe(0);
    expect(await jobs.thingsOf(await jobs.get(WORKSPACE, id))).toEqual([]);
  });

  it('whose timer was lost is taken on again by whoever starts, unless it has ended', async () => {
    await started(1);
    await tick();
    await started(2);
    const due = [...timers];
    timers.clear();
    await worker().start();
    expect([due.length, [...timers]]).toEqual([1, due]);
  });

  it('goes on behind a run that cannot be begun, and says why', async () => {
    const { id } = await started(3);
    beginning = async (run) => {
      if (run === '1') throw new DomainError('runtime.start_unknown', 'conflict', 'Nobody knows.');
    };
    await tick();
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'done', begun: 2, failed: 1, problems: [{ run: '1' }] });
  });

  it('waits for what is away, and loses none', async () => {
    const { id } = await started(3);
    let away = true;
    beginning = async (run) => {
      if (away && run === '1') throw new DomainError('log.unavailable', 'unavailable', 'Away.');
    };
    await tick();
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'running', begun: 1 });
    away = false;
    await tick();
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'done', begun: 3, failed: 0 });
    expect(begun.map(({ run, isAgain }) => [run, isAgain])).toEqual([
      ['0', false],
      ['2', false],
      ['1', true],
      ['2', true],
    ]);
  });

  it('is taken on by another one when the first is gone, under the same names', async () => {
    const { id } = await started(2);
    beginning = () => Promise.reject(new TypeError('The process ends here.'));
    await expect(tick()).rejects.toThrow('The process ends here.');
    beginning = () => Promise.resolve();
    const name = `replay/${WORKSPACE}/${id}`;
    await worker().onTimer(name);
    expect([begun, timers.get(name)]).toEqual([[], ports.clock.now() + 60_000]);
    await tick();
    expect(begun.map(({ as, isAgain }) => [as, isAgain])).toEqual(['0', '1'].map((run) => [ids.derive('run', 'replay', id, run), true]));
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'done', begun: 2 });
  });

  it('is counted once when two had it in hand', async () => {
    const { id } = await started(2);
    const name = `replay/${WORKSPACE}/${id}`;
    let isSlow = true;
    beginning = async () => {
      if (!isSlow) return;
      isSlow = false;
      await ports.advance(60_000);
      await worker().onTimer(name);
    };
    await tick();
    expect(await jobs.get(WORKSPACE, id)).toMatchObject({ state: 'done', begun: 2 });
  });

  it('is stopped: what was begun counts, no more is begun, and it is told', async () => {
    const { id } = await started(8);
    const watch = new WatchReplays(parts());
    beginning = async (run) => {
      if (run === '0') await watch.cancel(context(), WORKSPACE, id);
    };
    await tick();
    expect(await watch.get(context(), WORKSPACE, id)).toMatchObject({ state: 'cancelled', begun: 4 });
    expect([begun.length, timers.size]).toEqual([4, 0]);
    await expect(watch.cancel(context(), WORKSPACE, id)).rejects.toMatchObject({ code: 'runtime.replay_ended' });
    const told = await Array.fromAsync(ports.eventLog.read('first', `${WORKSPACE}.runtime.replays.*`, { live: false }));
    expect(told.map(({ type }) => type)).toEqual(['runtime.replays.created', 'runtime.replays.cancelled']);
  });

  it('that nobody knows is not there, and its timer does nothing', async () => {
    const watch = new WatchReplays(parts());
    await expect(watch.get(context(), WORKSPACE, 'rpl_none')).rejects.toMatchObject({ code: 'runtime.replay_not_found' });
    await expect(watch.cancel(context(), WORKSPACE, 'rpl_none')).rejects.toMatchObject({ code: 'runtime.replay_not_found' });
    await worker().onTimer(`replay/${WORKSPACE}/rpl_none`);
    expect(timers.size).toBe(0);
  });

  it('of nothing is none, and one of too many is refused', async () => {
    expect(await asked(0)).toEqual({ matched: 0 });
    await expect(asked(10_001)).rejects.toMatchObject({ code: 'runtime.replay_too_large' });
  });
});
