import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { runOfKey } from '../../domain/run';
import { Workbench } from '../testing/workbench';

const ASK = `
when: { events: [orders.placed] }
do:
  - wait: { oneOf: [{ event: orders.paid }], timeout: 1h }
  - emit: { event: orders.booked }`;

const REST = `
when: { events: [orders.placed] }
do:
  - set: { name: global.placed, type: increment }
  - sleep: { for: 1m }
  - set: { name: global.rested, type: increment }`;

/** Processes that come one after another on the same stores. */
function processes(automation: string) {
  const ports = memoryPorts();
  const next = (): Promise<Workbench> => Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { automation });
  return { ports, next };
}

describe('an event that is delivered again', () => {
  it('removes the wait of a run that has ended, which a process left behind', async () => {
    const { ports, next } = processes(ASK);
    const bench = await next();
    await bench.deliver(await bench.emit('orders.placed'));
    const waits = await ports.keyValue.bucket('waits');
    const left = await waits.list('');
    const paid = await bench.emit('orders.paid');
    await bench.deliver(paid);
    for (const { key, value } of left) await waits.put(key, value);
    await bench.deliver(paid, 2);
    expect([left.length, await waits.list('')]).toEqual([1, []]);
    expect(await bench.logged('orders.booked')).toHaveLength(1);
  });

  it('starts nothing again that its timer has brought to its end since this process began', async () => {
    const { ports, next } = processes(REST);
    const bench = await next();
    const [other, placed] = [await bench.emit('orders.placed'), await bench.emit('orders.placed')];
    for (const event of [other, placed]) await bench.deliver(event);
    const runs = (await (await ports.keyValue.bucket('runs')).list('ws_')).map(({ key }) => key);
    await ports.advance(60_000);

    const again = await next();
    await again.deliver(await again.emit('orders.paid'), 2);
    for (const run of runs) {
      await again.engine.runs.onTimer(runOfKey(run));
      for (const event of [other, placed]) await again.deliver(event);
    }
    expect(await again.global()).toMatchObject({ placed: 2, rested: 2 });
    expect(await again.records()).toHaveLength(2);
  });
});
