import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { runKey } from '../../domain/run';
import { Workbench, WORKSPACE } from '../testing/workbench';

async function bench(automations: Readonly<Record<string, string>>) {
  const ports = memoryPorts();
  const runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, automations);
  return { runtime, ports, advance: ports.advance };
}

const LIMITED = 'when: { events: go }\nconcurrency: { limit: 1 }\ndo: [{ wait: { oneOf: [{ event: on }], timeout: 1d } }]';

describe('what a process left behind of a run', () => {
  it('is cleared away when the end of the run is on the log: nothing is done again', async () => {
    const { runtime, ports } = await bench({ main: LIMITED });
    await runtime.deliver(await runtime.emit('go'));
    const [parked] = await runtime.engine.store.list(WORKSPACE);
    if (parked === undefined) throw new Error('the run is kept');
    const waits = await ports.keyValue.bucket('waits');
    const [wait] = await waits.list('');
    await runtime.deliver(await runtime.emit('on'));
    expect(await runtime.records()).toHaveLength(1);

    const runs = await ports.keyValue.bucket('runs');
    await runs.put(runKey(parked.run), new TextEncoder().encode(JSON.stringify({ ...parked, status: 'running' })));
    await waits.put(wait?.key ?? '', wait?.value ?? new Uint8Array());
    await runtime.engine.runs.onTimer(parked.run);
    expect([await runtime.engine.store.list(WORKSPACE), await waits.list('')]).toEqual([[], []]);
    expect(await runtime.records()).toHaveLength(1);
    await runtime.deliver(await runtime.emit('go'));
    expect(await runtime.engine.store.list(WORKSPACE)).toHaveLength(1);
  });

  it('is taken on once, though two come for it', async () => {
    const { runtime, ports } = await bench({ main: 'do: [{ sleep: { for: 1s } }, { emit: { event: told } }]' });
    const { rest, run } = await runtime.begin('main');
    await rest;
    const stored = await runtime.engine.store.read(run);
    if (stored === undefined) throw new Error('the run is kept');
    await runtime.engine.store.write({ ...stored.checkpoint, status: 'running' }, stored.revision);
    await ports.advance(1_000);
    const { runs } = runtime.engine;
    const [one, other] = await Promise.all([runs.recover(run), runs.recover(run)]);
    expect(one).toBe(other);
    await one?.rest;
    expect(await runtime.logged('told')).toHaveLength(1);
    expect([await runs.isAlive(run), await runs.isOver({ ...run, run: run.id, effect: '0' })]).toEqual([false, true]);
  });

  it('is no wait that its run still needs', async () => {
    const { runtime } = await bench({ main: 'do: [{ wait: { oneOf: [{ event: on }], timeout: 1d } }]' });
    const { rest, run } = await runtime.begin('main');
    expect(await runtime.engine.runs.isOver({ ...run, run: run.id, effect: '0' })).toBe(false);
    await rest;
    const { runs } = runtime.engine;
    expect([
      await runs.isOver({ ...run, run: run.id, effect: '0' }),
      await runs.isOver({ ...run, run: run.id, effect: 'another' }),
    ]).toEqual([false, true]);
  });
});

describe('a run that fails by what it wrote', () => {
  it('is not tried again by who has lost it, and says which limit it met', async () => {
    const text =
      'retry: { attempts: 2, delay: 1s }\nconcurrency: { limit: 1 }\ndo: [{ set: { name: global.x, value: "{{payload.text}}" } }]';
    const { runtime, advance } = await bench({ main: `when: { events: go }\n${text}` });
    await runtime.follow();
    await runtime.emit('go', { text: 'x'.repeat(600_000) });
    await advance(10_000);
    expect((await runtime.records()).map(({ error }) => error)).toEqual(['runtime.context_too_large', 'runtime.context_too_large']);
    expect(await runtime.engine.store.list(WORKSPACE)).toEqual([]);
  });
});

describe('a fetch', () => {
  it('that must not be repeated is sent once, with the time it may take', async () => {
    const { runtime } = await bench({ main: "do: [{ fetch: { url: 'http://x/', method: post, timeout: 5 } }]" });
    await (
      await runtime.begin('main')
    ).rest;
    expect(runtime.fetcher.asked[0]?.options).toMatchObject({ timeout: 5_000 });
    expect(runtime.fetcher.asked[0]?.options.retry?.attempts ?? 1).toBe(1);
  });
});

describe('a run that waits for a time that is already there', () => {
  it('goes on', async () => {
    const { runtime, advance } = await bench({
      main: 'do: [{ wait: { oneOf: [{ event: never }], timeout: 0 } }, { emit: { event: told } }]',
    });
    await runtime.follow();
    await runtime.begin('main');
    await advance(1);
    expect(await runtime.logged('told')).toHaveLength(1);
  });
});
