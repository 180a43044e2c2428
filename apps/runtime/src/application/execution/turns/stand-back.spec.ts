import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { SimulatedWorld, type SimulatedProcess } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { LEASE } from '../keeping/release';

const RATE = { perSecond: 1, burst: 2 };
const rates = { emits: RATE, passes: RATE };
const FETCH = "{ fetch: { url: 'http://a/', output: r } }";
const emitting = (times: number): string => `do: [${'{ emit: { event: told } }, '.repeat(times)}]`;
const LOOP = 'do: [{ repeat: { until: 5, do: [{ set: { name: n, value: 1 } }] } }]';

async function process({ eventLog, keyValue, clock, alarms }: SimulatedProcess, text: string, longestActive = 300_000) {
  const ids = new SystemIds(clock);
  const bench = await Workbench.of({ eventLog, keyValue, clock, alarms, ids }, { main: text }, { settings: { rates, longestActive } });
  bench.fetcher.outcomes.set('http://a/', { value: { status: 200, headers: {}, body: 1 } });
  return bench;
}

async function alone(text: string, longestActive?: number) {
  const world = new SimulatedWorld(0, { calm: true });
  return { world, bench: await process(world.process(), text, longestActive) };
}

describe('a run that does more than its workspace may in a second', () => {
  it.each([
    ['emits', emitting(5)],
    ['begins passes', LOOP],
    ['begins passes side by side', LOOP.replace('until: 5', 'until: 5, concurrency: 5')],
  ])('and %s is ended later, not refused', async (_, text) => {
    const { world, bench } = await alone(text);
    const { rest } = await bench.begin('main');
    await world.runFor(2_999);
    expect(await bench.records()).toEqual([]);
    await world.runFor(1);
    expect(await rest).toMatchObject({ kind: 'ended', ended: { output: {} } });
    expect(await bench.logged('told')).toHaveLength(text.split('emit:').length - 1);
  });

  it('holds up those that come after it, as far as they do the same', async () => {
    const { world, bench } = await alone(emitting(2));
    const ended: string[] = [];
    const begin = async (name: string) => {
      const { rest } = await bench.begin('main');
      void rest.then(() => ended.push(name));
    };
    await begin('loud');
    await begin('loud');
    bench.publish('d', { main: 'do: []' });
    bench.engine.models.forget(WORKSPACE);
    await begin('quiet');
    await world.runFor(1);
    expect(ended).toEqual(['loud', 'quiet']);
    await world.runFor(2_000);
    expect(ended).toEqual(['loud', 'quiet', 'loud']);
  });

  it('is ended at once when somebody does not want it any more', async () => {
    const { world, bench } = await alone(`do: [{ repeat: { until: 9, do: [{ emit: { event: told } }, ${FETCH}] } }]`);
    const { rest, run } = await bench.begin('main');
    await world.runFor(1);
    expect(await bench.engine.runs.cancel(run, 'Enough.')).toBeDefined();
    expect(await rest).toMatchObject({ kind: 'ended', ended: { cancelled: true, reason: 'Enough.' } });
  });

  it('fails when that takes longer than it may be in hand', async () => {
    const { world, bench } = await alone(`do: [{ repeat: { until: 99, do: [${FETCH}] } }]`, 10_000);
    const { rest } = await bench.begin('main');
    await world.runFor(10_000);
    expect(await rest).toMatchObject({ kind: 'ended', ended: { error: { code: 'runtime.run_limit' } } });
  });

  it('is kept meanwhile when somebody asks for that', async () => {
    const { world, bench } = await alone(emitting(9));
    const driver = await bench.begin('main');
    await world.runFor(1);
    await driver.keep();
    expect(await bench.engine.store.read(driver.run)).toMatchObject({ checkpoint: { status: 'running' } });
    await world.runFor(7_000);
    expect(await driver.rest).toMatchObject({ kind: 'ended' });
    expect(await bench.logged('told')).toHaveLength(9);
  });

  it('stays in the hand it is in, however long that is', async () => {
    const world = new SimulatedWorld(0, { calm: true });
    const text = `do: [${FETCH}, { emit: { event: told } }, ${FETCH}, ${'{ emit: { event: told } }, '.repeat(40)}]`;
    const [one, other] = [await process(world.process('one'), text), await process(world.process('other'), text)];
    await Promise.all([one.follow(), other.follow()]);
    const { rest, run } = await one.begin('main');
    await world.runFor(3 * LEASE);
    expect([other.engine.runs.size, (await one.engine.store.read({ workspaceId: WORKSPACE, id: run.id }))?.checkpoint.status]).toEqual([
      0,
      'running',
    ]);
    await world.runFor(40_000 - 3 * LEASE);
    expect(await rest).toMatchObject({ kind: 'ended' });
    expect(await one.logged('told')).toHaveLength(41);
  });
});
