import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { SimulatedWorld, type SimulatedProcess } from '@millrace/testing';
import { MemoryBlobs } from '../testing/told';
import { Workbench, WORKSPACE, type BenchOptions } from '../testing/workbench';
import { LEASE } from './keeping/release';

const OK = { value: { status: 200, headers: {}, body: 1 } };
const SLOW = "{ fetch: { url: 'http://slow/', output: r } }";
const FAST = "{ fetch: { url: 'http://fast/', output: r } }";
const EMIT = '{ emit: { event: told } }';

/** A process whose slow fetches are answered when it is told. */
async function process(of: SimulatedProcess, text: string, options: BenchOptions = {}) {
  const { eventLog, keyValue, clock, alarms } = of;
  const bench = await Workbench.of({ eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) }, { main: text }, options);
  const slow = Promise.withResolvers<undefined>();
  bench.fetcher.outcomes.set('http://slow/', OK).set('http://fast/', OK);
  bench.fetcher.onFetch = (url) => (url === 'http://slow/' ? slow.promise : undefined);
  return { bench, answer: () => slow.resolve(undefined) };
}

async function alone(text: string, options?: BenchOptions) {
  const world = new SimulatedWorld(0, { calm: true });
  return { world, ...(await process(world.process(), text, options)) };
}

async function two(text: string) {
  const world = new SimulatedWorld(0, { calm: true });
  const simulated = [world.process('one'), world.process('other')] as const;
  const [one, other] = await Promise.all(simulated.map((each) => process(each, text)));
  if (one === undefined || other === undefined) throw new Error('there are two');
  return { world, simulated, one, other };
}

describe('a run in hand', () => {
  it('is begun once, however often it is asked for', async () => {
    const { bench, answer } = await alone(`do: [${SLOW}]`);
    const [one, other] = [await bench.begin('main', { id: 'run_1' }), await bench.begin('main', { id: 'run_1' })];
    expect(other).toBe(one);
    expect(bench.engine.runs.inHand()).toEqual([expect.objectContaining({ id: 'run_1' })]);
    expect([await bench.engine.runs.isAlive(one.run), await bench.engine.runs.isAlive({ ...one.run, id: 'run_2' })]).toEqual([true, false]);
    answer();
    await one.rest;
    await bench.logged();
    expect(await bench.engine.runs.recover(one.run)).toBeUndefined();
  });

  it('fails when it has been in hand for too long, waiting aside', async () => {
    const { world, bench } = await alone(`do: [{ sleep: { for: 1h } }, ${SLOW}]`, { settings: { longestActive: 60_000 } });
    await bench.follow();
    await bench.begin('main');
    await world.runFor(3_600_000 + 59_999);
    expect(await bench.records()).toEqual([]);
    await world.runFor(1);
    expect(await bench.records()).toEqual([expect.objectContaining({ outcome: 'failed', error: 'runtime.run_limit' })]);
  });

  it('counts no time for which it waited for its place', async () => {
    const limits = { perInstance: 1, runsPerSecond: Infinity, burst: 1 };
    const { world, bench, answer } = await alone(`do: [${SLOW}]`, { settings: { longestActive: 60_000, limits } });
    await bench.begin('main');
    await world.runFor(50_000);
    const second = await bench.begin('main');
    await world.runFor(10_001);
    expect(await bench.records()).toEqual([expect.objectContaining({ error: 'runtime.run_limit' })]);
    await world.runFor(55_000);
    answer();
    expect(await second.rest).toMatchObject({ kind: 'ended', ended: { output: {} } });
  });

  it('keeps its lease for as long as it is in hand', async () => {
    const { world, one, other } = await two(`do: [${FAST}, ${SLOW}, ${EMIT}]`);
    await Promise.all([one.bench.follow(), other.bench.follow()]);
    const { rest, run } = await one.bench.begin('main');
    await world.runFor(4 * LEASE);
    expect(other.bench.engine.runs.size).toBe(0);
    expect((await one.bench.engine.store.read(run))?.checkpoint.lease?.until).toBeGreaterThan(one.bench.ports.clock.now());
    one.answer();
    expect(await rest).toMatchObject({ kind: 'ended' });
    expect(await one.bench.logged('told')).toHaveLength(1);
  });

  it('is taken on by somebody else when its process is gone, once the lease is over', async () => {
    const { world, simulated, one, other } = await two(`do: [${FAST}, ${SLOW}, ${EMIT}]`);
    await Promise.all([one.bench.follow(), other.bench.follow()]);
    await one.bench.begin('main');
    await world.runFor(1);
    simulated[0].crash();
    other.answer();
    await world.runFor(LEASE - 2);
    expect(await other.bench.logged('told')).toHaveLength(0);
    await world.runFor(2);
    expect(await other.bench.logged('told')).toHaveLength(1);
    expect(other.bench.fetcher.asked.map(({ request }) => request.url)).toEqual(['http://slow/']);
  });

  it('is dropped by a process that was paused while another took it on', async () => {
    const { world, simulated, one, other } = await two(`do: [${FAST}, ${SLOW}, ${FAST}, ${EMIT}]`);
    await other.bench.follow();
    const { rest } = await one.bench.begin('main');
    const dropped = expect(rest).rejects.toThrow();
    await world.runFor(1);
    simulated[0].pause();
    other.answer();
    await world.runFor(LEASE);
    expect(await other.bench.records()).toHaveLength(1);
    simulated[0].resume();
    one.answer();
    await dropped;
    expect(await other.bench.logged('told')).toHaveLength(1);
    expect(one.bench.fetcher.asked).toHaveLength(2);
    expect(one.bench.log.lines).toEqual(['A run was put down unfinished.']);
    expect(one.bench.engine.runs.size).toBe(0);
  });

  it('may be cancelled from anywhere', async () => {
    const { world, one, other } = await two(`do: [${FAST}, ${SLOW}, ${EMIT}]`);
    const { rest, run } = await one.bench.begin('main');
    const dropped = expect(rest).rejects.toThrow();
    await world.runFor(1);
    expect(await other.bench.engine.runs.cancel(run, 'ada')).toBeDefined();
    await other.bench.engine.runs.find(run.id)?.rest;
    one.answer();
    await dropped;
    expect(await other.bench.records()).toEqual([expect.objectContaining({ outcome: 'cancelled', reason: 'ada' })]);
    expect(other.bench.fetcher.asked).toEqual([]);
  });

  it('whose cancellation was taken is cancelled, though the process that took it is lost', async () => {
    const { world, one, other } = await two(`do: [{ wait: { oneOf: [{ event: never }], timeout: 1d } }, ${EMIT}]`);
    const { rest, run } = await one.bench.begin('main');
    await rest;
    await other.bench.follow();
    world.onDurable((name, _n, moment, by) => {
      if (name === 'kv.put runs' && moment === 'after' && by.name === 'one') by.crash();
    });
    void one.bench.engine.runs.cancel(run, 'ada');
    await world.runFor(2 * LEASE);
    expect(await other.bench.records()).toEqual([expect.objectContaining({ outcome: 'cancelled', reason: 'ada' })]);
  });

  it('is given up, as it was kept, when an effect cannot be performed for a reason that is not its own', async () => {
    const { bench } = await alone(`do: [${FAST}, ${SLOW}]`);
    bench.fetcher.onFetch = (url) => (url === 'http://slow/' ? Promise.reject(new Error('torn')) : undefined);
    const { rest, run } = await bench.begin('main');
    await expect(rest).rejects.toThrow('torn');
    expect(await bench.engine.store.read(run)).toMatchObject({ checkpoint: { status: 'running' } });
    bench.fetcher.onFetch = () => undefined;
    expect(await (await bench.engine.runs.recover(run))?.rest).toMatchObject({ kind: 'ended' });
  });

  it('is given up as well when what came is no error at all', async () => {
    const { bench } = await alone(`do: [${SLOW}]`);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what adapters throw is theirs
    bench.fetcher.onFetch = () => Promise.reject('torn');
    await expect((await bench.begin('main')).rest).rejects.toThrow('torn');
  });

  it('is kept when somebody was promised its answer', async () => {
    const { bench, answer } = await alone(`do: [${SLOW}]`);
    const driver = await bench.begin('main');
    await driver.keep();
    expect(await bench.engine.runs.isAlive(driver.run)).toBe(true);
    expect(await bench.engine.store.read(driver.run)).toMatchObject({ checkpoint: { status: 'running' } });
    answer();
    await driver.rest;
    await driver.keep();
    expect([driver.isResting, driver.signal({ signal: 'cancel', at: 0 }), driver.offer({ effect: '0', at: 0 })]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await bench.engine.store.list(WORKSPACE)).toEqual([]);
  });

  it('that is large is kept in a blob', async () => {
    const blobs = new MemoryBlobs();
    const { bench } = await alone('do: [{ wait: { oneOf: [{ event: go }], timeout: 1d } }]\noutput: "{{payload.text.length}}"\n', {
      blobs,
    });
    const text = 'x'.repeat(300_000);
    const { rest } = await bench.begin('main', {}, { payload: { text } });
    await rest;
    expect([...blobs.blobs.keys()]).toEqual([expect.stringMatching(/^ws_1\/runs\/run_/)]);
    expect(await bench.engine.store.list(WORKSPACE)).toEqual([expect.objectContaining({ status: 'parked' })]);
    await bench.deliver(await bench.emit('go'));
    expect(await bench.records()).toEqual([expect.objectContaining({ outcome: 'succeeded', output: 300_000 })]);
    expect(blobs.blobs.size).toBe(0);
  });

  it('that is large is not written over by who was slower', async () => {
    const blobs = new MemoryBlobs();
    const { bench } = await alone('do: [{ wait: { oneOf: [{ event: go }], timeout: 1d } }]', { blobs });
    const { rest, run } = await bench.begin('main', {}, { payload: { text: 'x'.repeat(300_000) } });
    await rest;
    const { store } = bench.engine;
    const stored = await store.read(run);
    if (stored === undefined) throw new Error('the run is kept');
    const by = (owner: string) => ({ ...stored.checkpoint, status: 'running' as const, lease: { owner, until: 0 } });
    expect(await store.write(by('faster'), stored.revision)).toBeGreaterThan(stored.revision);
    expect(await store.write(by('slower'), stored.revision)).toBeUndefined();
    expect((await store.read(run))?.checkpoint.lease?.owner).toBe('faster');
    expect(blobs.blobs.size).toBe(1);
  });
});

describe('a run that is to be begun again after an error', () => {
  it('is another run, later, as its automation says', async () => {
    const { world, bench } = await alone(
      "when: { events: go }\nretry: { attempts: 3, delay: 10s }\ndo: [{ fetch: { url: 'http://gone/', output: r } }]\noutput: '{{r}}'\n",
    );
    await bench.follow();
    await bench.emit('go');
    await world.runFor(60_000);
    const records = await bench.records();
    expect(records.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
    expect(records[1]?.['replayOf']).toBe(records[0]?.['run']);
    expect(await bench.engine.store.list(WORKSPACE)).toEqual([]);
  });

  it.each([
    ['runtime.fetch_unreachable', 2],
    ['runtime.busy', 1],
  ])('is another run only for the errors that its automation names: %s', async (code, runs) => {
    const { world, bench } = await alone(
      `when: { events: go }\nretry: { attempts: 2, delay: 1s, on: ${code} }\ndo: [{ fetch: { url: 'http://gone/' } }]\n`,
    );
    await bench.follow();
    await bench.emit('go');
    await world.runFor(60_000);
    expect(await bench.records()).toHaveLength(runs);
  });

  it('comes after its delay, a fifth more or less, and has as long as the one before', async () => {
    const { world, bench } = await alone(
      "when: { events: go }\ntimeout: 15s\nretry: { attempts: 3, delay: 10s }\ndo: [{ fetch: { url: 'http://gone/', output: r } }]\noutput: '{{r}}'\n",
    );
    await bench.follow();
    for (let n = 0; n < 8; n += 1) await bench.emit('go');
    await world.runFor(60_000);
    const records = await bench.records();
    expect(records.map(({ error }) => error)).not.toContain('runtime.run_timeout');
    const begun = Map.groupBy(records, ({ run, replayOf = run }) => replayOf);
    const waits = [...begun.values()].flatMap(([first, second]) =>
      second === undefined ? [] : [Number(second['startedAt']) - Number(first?.['startedAt'])],
    );
    expect(new Set(waits).size).toBe(8);
    expect(waits.every((wait) => wait >= 8_000 && wait <= 12_000)).toBe(true);
  });
});

describe('the answer of a run', () => {
  it('is not forgotten when it is promised again', async () => {
    const { bench } = await alone('do: []');
    const { answers } = bench.engine;
    const driver = await bench.begin('main', { keyed: true, resultToken: 'res_1' });
    await answers.promise(driver.run, 'user:ada');
    await driver.rest;
    await answers.promise(driver.run, 'user:ada');
    expect(await answers.find('res_1')).toMatchObject({
      principal: 'user:ada',
      workspaceId: WORKSPACE,
      answer: { ended: { output: {} } },
    });
    await (
      await bench.begin('main', { id: 'run_bare', keyed: true })
    ).rest;
    await answers.promise((await bench.begin('main', { id: 'run_2' })).run, undefined);
    expect(await answers.find('run_2')).toEqual({ run: 'run_2', workspaceId: WORKSPACE });
    expect(await answers.find('run_bare')).toMatchObject({ answer: { ended: { output: {} } } });
    const over = new AbortController();
    expect(await answers.awaited('res_1', over.signal)).toMatchObject({ ended: { output: {} } });
    over.abort();
    expect(await answers.awaited('res_2', over.signal)).toBeUndefined();
  });
});
