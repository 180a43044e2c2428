import { beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteHistory } from '@millrace/history';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { EndedRuns } from '../runs/ended-runs';
import { FindRun } from '../runs/find-run';
import { LiveRuns } from '../runs/live-runs';
import { ReplayRuns, type ReplayRequest } from './replay-runs';
import { StartAgain } from './start-again';

const BOOKS = [
  'when: { endpoint: { path: book, access: public } }',
  'concurrency: { limit: 1 }',
  'retry: { attempts: 2, delay: 1s }',
  'do:',
  '  - rateLimit: { name: calls, window: 60, limit: 5, output: r }',
  '  - set: { name: global.n, type: increment, output: n }',
  "  - fetch: { url: 'https://x.test/book', output: answer }",
  '  - emit: { event: booked }',
  "output: '{{answer}}'",
].join('\n');

describe('a run done again', () => {
  let bench: Workbench;
  let replays: ReplayRuns;
  let history: SqliteHistory;
  const ada = person('ada');

  beforeEach(async () => {
    const ports = memoryPorts();
    const ids = new SystemIds(ports.clock);
    bench = await Workbench.of({ ...ports, ids }, { book: BOOKS });
    history = await SqliteHistory.open({ path: ':memory:' });
    bench.rights.rights.set('ada', ['replay runs']);
    const { runs, store, models } = bench.engine;
    const find = new FindRun(new LiveRuns(runs, store), new EndedRuns({ history, eventLog: ports.eventLog }));
    const startAgain = new StartAgain(ports.eventLog, history);
    replays = new ReplayRuns({ ...ports, find, startAgain, models, runs, ids, rights: bench.rights });
    bench.fetcher.outcomes.set('https://x.test/book', { value: { status: 200, headers: {}, body: 'yes' } });
  });

  const again = async (more: Partial<ReplayRequest> = {}) => {
    const [record] = await bench.records();
    const run = typeof record?.['run'] === 'string' ? record['run'] : '';
    const request = { workspace: WORKSPACE, of: { run }, version: 'same', effects: 'blocked', ...more } as const;
    return replays.run(bench.context(ada), request);
  };

  it('goes on with what came of its steps before, and asks nobody', async () => {
    await bench.call('book', {}, ada);
    const [replayed] = await again();
    expect(replayed).toMatchObject({ automation: 'book', state: 'succeeded' });
    expect(replayed?.blocked.map(({ kind }) => kind)).toEqual(['rateLimit', 'write', 'fetch', 'emit']);
    expect([bench.fetcher.asked.length, await bench.global()]).toEqual([1, { n: 1 }]);
  });

  it('is kept when it is live, with the limits of its automation', async () => {
    await bench.call('book', {}, ada);
    const [replayed] = await again({ effects: 'live', version: 'active' });
    await bench.engine.runs.find(replayed?.run ?? '')?.rest;
    const [, record] = await bench.records();
    expect(record).toMatchObject({ run: replayed?.run, outcome: 'succeeded', replayOf: replayed?.replayOf });
    expect([bench.fetcher.asked.length, await bench.global()]).toEqual([2, { n: 2 }]);
  });

  it('assumes what a step gives that was not there before, if that can be, and ends where it cannot', async () => {
    await bench.call('book', {}, ada);
    bench.publish('e', {
      book: BOOKS.replace('do:', 'do:\n  - try: { do: [{ rateLimit: { name: x, window: 60, limit: 1 } }, { sleep: { for: 1h } }] }'),
    });
    const [replayed] = await again({ version: 'active' });
    expect(replayed).toMatchObject({ state: 'failed', error: { code: 'runtime.effect_blocked' } });
    expect(bench.fetcher.asked).toHaveLength(1);
    expect(await bench.global()).toEqual({ n: 1 });
  });

  it('is begun once under a name of its own, however often it is asked for', async () => {
    await bench.call('book', {}, ada);
    const [record] = await bench.records();
    const run = typeof record?.['run'] === 'string' ? record['run'] : '';
    const named = { run, version: 'same', as: 'run_again', correlationId: 'cor_2' } as const;
    await replays.once(WORKSPACE, { ...named, isAgain: false });
    await bench.engine.runs.find('run_again')?.rest;
    await replays.once(WORKSPACE, { ...named, isAgain: true });
    expect(await bench.records()).toMatchObject([{ run }, { run: 'run_again', replayOf: run }]);
    expect(await bench.global()).toEqual({ n: 2 });
    await replays.once(WORKSPACE, { ...named, version: 'active', as: 'run_third', isAgain: true });
    await bench.engine.runs.find('run_third')?.rest;
    expect(await bench.global()).toEqual({ n: 3 });
  });

  it('is not begun on a version that has its automation no more', async () => {
    await bench.call('book', {}, ada);
    bench.publish('e', { other: 'do: []' });
    const gone = { code: 'runtime.automation_not_found', refusal: 'not-found' };
    for (const effects of ['live', 'blocked'] as const) await expect(again({ effects, version: 'active' })).rejects.toMatchObject(gone);
    bench.publish('f', { book: `disabled: true\n${BOOKS}` });
    await expect(again({ version: 'active' })).rejects.toMatchObject(gone);
    expect(await again()).toMatchObject([{ state: 'succeeded' }]);
  });

  it.each([
    [
      'another step has the place of one that is kept',
      BOOKS.replace('rateLimit: { name: calls, window: 60, limit: 5, output: r }', 'sleep: { for: 1 }'),
    ],
    [
      'the step from which it is done again is gone',
      'when: { endpoint: { path: book, access: public } }\ndo: [{ set: { name: global.n, value: 9 } }]',
    ],
  ])('fails, and does nothing, when %s', async (_, changed) => {
    await bench.call('book', {}, ada);
    bench.publish('e', { book: changed });
    const [replayed] = await again({ version: 'active', effects: 'live', fromStep: '2' });
    await bench.engine.runs.find(replayed?.run ?? '')?.rest;
    expect((await bench.records()).at(-1)).toMatchObject({ run: replayed?.run, outcome: 'failed', error: 'runtime.replay_strayed' });
    expect([bench.fetcher.asked.length, await bench.global()]).toEqual([1, { n: 1 }]);
  });

  it('of an event has its session and its key', async () => {
    bench.publish('e', { heard: "when: { events: told }\ndo: [{ emit: { event: heard } }]\noutput: '{{session.id}}'\n" });
    const event = await bench.emit('told', {}, { key: 'k-1', source: { session: 'ses_1' } });
    await history.append([event]);
    const [replayed] = await again({ of: { event: event.id }, version: 'active', effects: 'live' });
    await bench.engine.runs.find(replayed?.run ?? '')?.rest;
    const heard = async () => (await bench.logged('heard')).map(({ key, source }) => [key, source.session]);
    expect(await heard()).toEqual([['k-1', 'ses_1']]);
    const [once] = await again({ effects: 'live' });
    await bench.engine.runs.find(once?.run ?? '')?.rest;
    expect((await heard())[1]).toEqual(['k-1', 'ses_1']);
  });

  it('of an event needs something that listens to it', async () => {
    const of = { event: 'evt_none' };
    await expect(again({ of, version: 'active' })).rejects.toMatchObject({ code: 'runtime.event_not_found' });
    await expect(again({ of: { run: 'run_none' } })).rejects.toMatchObject({ code: 'runtime.run_not_found' });
  });
});
