import { describe, expect, it } from '@jest/globals';
import { DomainError, type JsonMap } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { ConfigOrder } from '../ports/configurations';
import { KeptConfigurations } from '../testing/kept-configurations';
import { Workbench, WORKSPACE } from '../testing/workbench';
import { Configuration } from './configuration';

const PLACE = { workspaceId: WORKSPACE, instance: '' };
const CONFIG = { context: 'config', instance: '', owner: '' } as const;

const AUTOMATIONS = {
  count: "do:\n  - set: { name: config.total, type: increment }\n  - sleep: { for: 1h }\noutput: '{{config.total}}'\n",
  awaited: "do: [{ set: { name: config.total, type: increment, output: there } }]\noutput: '{{there}}'\n",
  expected: 'do: [{ set: { name: config.total, value: 5, expect: 7 } }]\n',
};

/** Configurations whose writes go wrong as they are told. */
class Troubled extends KeptConfigurations {
  readonly orders: ConfigOrder[] = [];
  /** What happens before the next writes, in order. */
  readonly before: (() => unknown)[] = [];

  override async write(order: ConfigOrder) {
    this.orders.push(order);
    await this.before.shift()?.();
    return super.write(order);
  }
}

async function rig() {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, AUTOMATIONS);
  const kept = new Troubled(await ports.keyValue.bucket('configs'));
  const { plan } = await bench.engine.models.get(WORKSPACE);
  const driver = await bench.begin('count');
  await driver.rest;
  const written = async (): Promise<JsonMap> => (await bench.engine.configuration.load(plan, PLACE)).value;
  return { bench, kept, plan, run: driver.run, configuration: new Configuration(kept), written };
}

const increment = { ...CONFIG, path: ['n'], op: 'increment' } as const;
const moved = () => Promise.reject(new DomainError('workspaces.config_moved', 'conflict', 'Again.', { facts: { revision: 1 } }));
const allowed = (): Promise<void> => Promise.resolve();

describe('a configuration that runs write', () => {
  it('is written before a run waits, and read as it was written', async () => {
    const { bench, written } = await rig();
    expect(await written()).toEqual({ total: 1 });
    const other = await bench.begin('awaited');
    await other.rest;
    expect(await written()).toEqual({ total: 2 });
    expect(await bench.records()).toMatchObject([{ automation: 'awaited', outcome: 'succeeded', output: 2 }]);
  });

  it('fails a run that expects something else to be there', async () => {
    const { bench } = await rig();
    await (
      await bench.begin('expected')
    ).rest;
    expect(await bench.records()).toMatchObject([{ automation: 'expected', error: 'runtime.context_conflict' }]);
  });

  it('is written once however often a flush is repeated, for the run and who caused it', async () => {
    const { kept, plan, run, configuration } = await rig();
    const flush = { number: 7, writes: [increment], guard: allowed };
    for (let time = 0; time < 3; time++) await configuration.flush(plan, { ...run, traceparent: '00-1-2-01' }, flush);
    expect((await configuration.load(plan, PLACE)).value).toMatchObject({ n: 1 });
    expect(kept.orders[0]).toMatchObject({
      by: { kind: 'automation', id: 'count' },
      flush: { run: run.id, number: 7 },
      traceparent: '00-1-2-01',
    });
  });

  it('is not written by who lost the run while somebody else wrote', async () => {
    const { kept, plan, run, configuration } = await rig();
    const lost = new Error('lost');
    const guards = [allowed, () => Promise.reject(lost)];
    kept.before.push(() => configuration.flush(plan, run, { number: 1, writes: [increment], guard: allowed }));
    const late = configuration.flush(
      plan,
      { ...run, id: 'run_late' },
      { number: 1, writes: [increment], guard: () => (guards.shift() ?? allowed)() },
    );
    await expect(late).rejects.toBe(lost);
    expect((await configuration.load(plan, PLACE)).value).toMatchObject({ n: 1 });
  });

  it('is written over what others wrote meanwhile, and given up when they never stop', async () => {
    const { kept, plan, run, configuration } = await rig();
    kept.before.push(() => kept.put(WORKSPACE, {}, { other: 1 }));
    await configuration.flush(plan, run, { number: 3, writes: [increment], guard: allowed });
    expect((await configuration.load(plan, PLACE)).value).toMatchObject({ n: 1, other: 1 });
    for (let time = 0; time < 20; time++) kept.before.push(moved);
    await expect(configuration.flush(plan, run, { number: 4, writes: [increment], guard: allowed })).rejects.toMatchObject({
      code: 'runtime.write_contended',
      refusal: 'unavailable',
    });
  });

  it('tells what will not be repeated with the next write, once', async () => {
    const { kept, plan, run, configuration } = await rig();
    const flush = (number: number) => configuration.flush(plan, run, { number, writes: [increment], guard: allowed });
    await flush(1);
    configuration.settle(run.id);
    await flush(2);
    await flush(3);
    expect(kept.orders.map(({ settled }) => [...settled])).toEqual([[], [[run.id, Infinity]], []]);
  });

  it('is awaited: a refusal is the answer, a store that is away is not', async () => {
    const { kept, plan, run, configuration } = await rig();
    const text = { ...CONFIG, path: ['n'], op: 'replace', value: 'text' } as const;
    expect(await configuration.write(plan, run, { number: 1, request: text })).toEqual({
      value: { revision: expect.any(Number), value: 'text' },
    });
    expect(await configuration.write(plan, run, { number: 2, request: increment })).toMatchObject({ error: { code: 'language.type' } });
    kept.before.push(() => Promise.reject(new DomainError('bus.unreachable', 'unavailable', 'Nobody is there.')));
    await expect(configuration.write(plan, run, { number: 3, request: text })).rejects.toMatchObject({ code: 'bus.unreachable' });
  });
});
