import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import type { AppPermissions, WorkspaceSources } from '@millrace/language';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Modules, type ModuleOutcome } from '../ports/modules';
import { payloadOf, Workbench, type BenchOptions } from '../testing/workbench';

const NOTHING: AppPermissions = { reads: [], emits: [], hosts: [], secrets: [], actions: [], topics: [], files: false };

/** Says what it was asked. */
class Echo extends Modules {
  override run(module: string, name: string, parameters: JsonMap): ModuleOutcome {
    return { value: { module, name, parameters } };
  }
}

interface Around {
  readonly apps?: WorkspaceSources['apps'];
  readonly events?: WorkspaceSources['events'];
  readonly options?: BenchOptions;
  readonly locals?: JsonMap;
}

/** What a run that does this asked for and told. */
async function done(steps: readonly string[], { apps, events, options, locals }: Around = {}) {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, {}, options);
  bench.publish('e', { main: `do:\n${steps.map((step) => `  - ${step}\n`).join('')}` }, apps, events);
  const run = async () => (await bench.begin('main', { digest: 'e' }, locals)).rest;
  await run();
  return { bench, run, records: await bench.records() };
}

describe('what a run fetches', () => {
  it('waits for its turn when its workspace fetches more often than it may', async () => {
    const ports = memoryPorts();
    const settings = { rates: { fetches: { perSecond: 1, burst: 2 } } };
    const text = "do: [{ repeat: { until: 3, do: [{ fetch: { url: 'https://a.test/', onError: continue } }] } }]\n";
    const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: text }, { settings });
    const driver = await bench.begin('main');
    await ports.advance(999);
    expect(bench.fetcher.asked).toHaveLength(2);
    await ports.advance(1);
    await driver.rest;
    expect(bench.fetcher.asked).toHaveLength(3);
  });

  const asks = async (step: string, around?: Around) => (await done([step], around)).bench.fetcher.asked.map(({ options }) => options);

  it('is asked for as patiently as its author says', async () => {
    const [options] = await asks("fetch: { url: 'https://a.test/', timeout: 5s, retry: { attempts: 2, delay: 1s }, onError: continue }");
    expect(options).toMatchObject({ timeout: 5_000, retry: { attempts: 2 } });
    const [plain] = await asks("fetch: { url: 'https://a.test/', onError: continue }");
    expect(Object.keys(plain ?? {})).not.toEqual(expect.arrayContaining(['hosts']));
  });

  it('stays, redirects included, with the hosts that an app was permitted; without bounds where it may call any', async () => {
    const automations = [{ file: 'automations/ask.yaml', text: "do: [{ fetch: { url: 'https://a.test/', onError: continue } }]\n" }];
    const app = (hosts: readonly string[]) => ({ crm: { automations, permissions: { ...NOTHING, hosts } } });
    const [bounded] = await asks('crm.ask: {}', { apps: app(['a.test', 'b.test']) });
    expect(bounded?.hosts).toEqual(['a.test', 'b.test']);
    const [free] = await asks('crm.ask: {}', { apps: app(['*']) });
    expect(free).not.toHaveProperty('hosts');
  });
});

describe('a module that a run uses', () => {
  const asked = async (asking: string, around: Around = {}) => {
    const steps = [`run: { ${asking}, output: r }`, "emit: { event: ran, payload: { r: '{{r}}' } }"];
    const { bench } = await done(steps, { options: { modules: new Echo() }, ...around });
    const [ran] = await bench.logged('ran');
    return ran === undefined ? undefined : (payloadOf(ran) as JsonMap)['r'];
  };

  it('is given its parameters, and none when none are said', async () => {
    expect(await asked('module: crypto, function: hash, parameters: { text: a }')).toEqual({
      ...{ module: 'crypto', name: 'hash', parameters: { text: 'a' } },
    });
    expect(await asked('module: crypto, function: hash')).toMatchObject({ parameters: {} });
  });

  it('fails the step when this runtime does not have it', async () => {
    const { records } = await done(['run: { module: crypto, function: hash }']);
    expect(records).toMatchObject([{ outcome: 'failed', error: 'runtime.effect_unsupported' }]);
  });
});

describe('an event that is declared', () => {
  const text = 'schema: { properties: { n: { type: string } } }\nkey: order.id\nsecret: [card.pin]\n';
  const declared = (version?: number) => [{ file: 'events/order.paid.yaml', text, ...(version === undefined ? {} : { version }) }];
  const paid = "emit: { event: order.paid, payload: { n: '{{n}}', order: { id: o-1 }, card: { pin: 1, of: ada } } }";

  it('goes to the log with its version and its order, and without what is secret', async () => {
    const { bench } = await done([paid], { events: declared(3), locals: { n: 'one' } });
    const [event] = await bench.logged('order.paid');
    expect(event).toMatchObject({ version: 3, key: 'o-1', redacted: ['card.pin'] });
    expect(event === undefined ? undefined : payloadOf(event)).toEqual({ n: 'one', order: { id: 'o-1' }, card: { of: 'ada' } });
    expect(await bench.logged('runtime.types.violated')).toEqual([]);
  });

  it('is told all the same when it does not fit, and that it does not is told once in a minute', async () => {
    const { bench, run } = await done([paid], { events: declared(3), locals: { n: 1 } });
    await run();
    expect(await bench.logged('order.paid')).toHaveLength(2);
    const violated = await bench.logged('runtime.types.violated');
    expect(violated.map(payloadOf)).toEqual([{ type: 'order.paid', version: 3, problems: [{ pointer: '/n', detail: 'must be string' }] }]);
  });

  it('of no version yet is of version 0 there', async () => {
    const { bench } = await done([paid], { events: declared(), locals: { n: 1 } });
    expect((await bench.logged('order.paid')).map(({ version }) => version)).toEqual([undefined]);
    expect((await bench.logged('runtime.types.violated')).map(payloadOf)).toMatchObject([{ type: 'order.paid', version: 0 }]);
  });
});
