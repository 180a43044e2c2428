import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { eventLocals } from '../starting/event-locals';
import { PromisedTurns } from '../testing/told';
import { Workbench, WORKSPACE } from '../testing/workbench';

class CountedTurns extends PromisedTurns {
  count = 0;

  override next(): Promise<void> {
    this.count += 1;
    return super.next();
  }
}

describe('the waits of thousands of runs', () => {
  it('are looked at in portions, and those for other events not at all', async () => {
    const ports = memoryPorts();
    const turns = new CountedTurns();
    const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: 'do: []' }, { turns });
    const { waits, models } = bench.engine;
    const known = { workspaceId: WORKSPACE, digest: 'd', effect: '0', from: '', known: '', taken: [] };
    const waitOf = (order: number) => ({
      ...{ oneOf: [{ event: 'paid', filters: { 'payload.order': order }, cancelTriggers: false }], instance: '' },
      until: ports.clock.now() + 1_000,
    });
    const most = 2_100;
    for (let order = 0; order < most; order++) await waits.put({ ...known, run: `run_${order}`, request: waitOf(order) });

    const found = async (type: string, order: number) => {
      const event = await bench.emit(type, { order });
      const matched = await waits.matching(event, eventLocals(event), () => models.version(WORKSPACE, 'd'));
      return matched.map(({ wait }) => wait.run);
    };
    expect([await found('lost', 7), turns.count]).toEqual([[], 0]);
    expect([await found('paid', 7), turns.count]).toEqual([['run_7'], 10]);
    expect([await found('paid', most - 1), turns.count]).toEqual([[`run_${most - 1}`], 20]);
  });
});
