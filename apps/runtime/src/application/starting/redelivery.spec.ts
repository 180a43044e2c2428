import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { WaitRecord } from '../waiting/wait-index';
import { Workbench, WORKSPACE } from '../testing/workbench';

const ASK = `
when: { events: [orders.placed] }
do:
  - wait: { oneOf: [{ event: orders.paid }], timeout: 1h }
  - emit: { event: orders.booked }`;

async function asked() {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { ask: ASK });
  await bench.deliver(await bench.emit('orders.placed'));
  const bucket = await ports.keyValue.bucket('waits');
  const waits = async (): Promise<readonly WaitRecord[]> =>
    (await bucket.list('')).map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as WaitRecord);
  return { bench, waits };
}

describe('an event that is delivered again', () => {
  it('removes the wait of a run that has ended, which a process left behind', async () => {
    const { bench, waits } = await asked();
    const left = await waits();
    const paid = await bench.emit('orders.paid');
    await bench.deliver(paid);
    for (const wait of left) await bench.engine.waits.put(wait);
    await bench.deliver(paid, 2);
    expect([left.length, await waits()]).toEqual([1, []]);
    expect(await bench.logged('orders.booked')).toHaveLength(1);
  });

  it('leaves the wait of a run that goes on', async () => {
    const { bench, waits } = await asked();
    const paid = await bench.emit('orders.paid');
    const [wait] = await waits();
    if (wait === undefined) throw new Error('nobody waits');
    await bench.engine.waits.put({ ...wait, effect: 'another' });
    await bench.engine.waits.remove(wait);
    await bench.deliver(paid, 2);
    expect(await waits()).toEqual([expect.objectContaining({ workspaceId: WORKSPACE, effect: 'another' })]);
  });
});
