import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { payloadOf, Workbench } from '../testing/workbench';

const TELL = 'do: [{ emit: { event: told, payload: { n: "{{payload.n}}", all: "{{events}}" } } }]\n';

async function gathering(admission: string) {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: `when: { events: go }\n${admission}\n${TELL}` });
  const { timers, gathered } = bench.engine;
  const fired: string[] = [];
  await timers.start((name) => {
    fired.push(name);
    return gathered.onTimer(name);
  });
  const told = async () => (await bench.logged('told')).map(payloadOf);
  return { bench, advance: ports.advance, told, fired };
}

describe('events that are put together', () => {
  it('start one run when no more come, with the last of them', async () => {
    const { bench, advance, told } = await gathering('debounce: { period: 10s, key: "{{payload.k}}" }');
    for (const n of [1, 2]) {
      await bench.deliver(await bench.emit('go', { n, k: 'a' }));
      await advance(5_000);
    }
    await bench.deliver(await bench.emit('go', { n: 3, k: 'b' }));
    expect(await told()).toEqual([]);
    await advance(10_000);
    expect(await told()).toEqual([expect.objectContaining({ n: 2 }), expect.objectContaining({ n: 3 })]);
  });

  it('start one run for many of them', async () => {
    const { bench, advance, told } = await gathering('batch: { size: 2, within: 1m }');
    for (const n of [1, 2, 3]) await bench.deliver(await bench.emit('go', { n }));
    await advance(1);
    expect(await told()).toEqual([expect.objectContaining({ n: 2, all: [expect.anything(), expect.anything()] })]);
    await advance(60_000);
    expect(await told()).toHaveLength(2);
  });

  it('start nothing twice, though the timer fires again', async () => {
    const { bench, advance, told, fired } = await gathering('debounce: { period: 10s }');
    const go = await bench.emit('go', { n: 1 });
    await bench.deliver(go);
    await bench.deliver(go, 2);
    await advance(10_000);
    await bench.engine.gathered.onTimer(fired[0] ?? '');
    expect(await told()).toHaveLength(1);
  });
});
