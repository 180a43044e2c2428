import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Workbench } from '../../testing/workbench';

const GO = `when: { endpoint: { path: go, access: public } }
do:
  - try:
      do: [{ emit: { event: told } }]
      catch: [{ set: { name: caught, value: '{{$error.code}}' } }]
output: '{{run.depth}} {{caught}}'
`;

describe('a call of an endpoint by an automation', () => {
  it('counts on from what led to it, and is refused when that are too many', async () => {
    const ports = memoryPorts();
    const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { go: GO });
    const called = async (depth: string) => (await bench.call('go', { 'x-automation-depth': depth })).chunks;
    expect([await called('4'), await called('19'), await called('many'), (await bench.call('go')).chunks]).toEqual([
      ['5 '],
      ['20 runtime.loop'],
      ['1 '],
      ['1 '],
    ]);
    await expect(called('20')).rejects.toMatchObject({ code: 'runtime.loop', refusal: 'exhausted' });
  });
});
