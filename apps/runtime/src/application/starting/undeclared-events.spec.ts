import { describe, expect, it } from '@jest/globals';
import { ANONYMOUS } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../testing/workbench';

const EMITS = `when: { events: go, endpoint: { path: go, access: public } }
do:
  - try:
      do: [{ emit: { event: surprise, payload: { n: 1 } } }]
      catch: [{ set: { name: caught, value: '{{$error.code}}' } }]
  - emit: { event: known }
  - emit: { event: notification.requested, payload: { to: { users: [ada] } } }
output: '{{caught}}'
`;
const EVENTS = [
  { file: 'events/known.yaml', text: 'title: Known\n' },
  { file: 'events/go.yaml', text: 'title: Go\n' },
];

async function bench(unknownEvents?: 'warn' | 'refuse') {
  const ports = memoryPorts();
  const one = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, {});
  one.publish('declared', { main: EMITS }, {}, EVENTS);
  const active = one.versions.versions.get(WORKSPACE);
  if (active !== undefined && unknownEvents !== undefined) one.versions.versions.set(WORKSPACE, { ...active, unknownEvents });
  return one;
}

const typesOf = async (one: Workbench): Promise<readonly string[]> =>
  (await one.told()).map(([type]) => type).filter((type) => type !== 'go' && type !== 'runtime.runs.finished');

describe('events that nobody declares', () => {
  it('are published like any other while the workspace says nothing of them', async () => {
    const one = await bench();
    expect(await one.call('go')).toMatchObject({ status: 200 });
    expect(await typesOf(one)).toEqual(['surprise', 'known', 'notification.requested']);
  });

  it('are an error that the automation may catch, where the workspace takes none', async () => {
    const one = await bench('refuse');
    expect(await one.call('go', {}, ANONYMOUS)).toMatchObject({ status: 200, chunks: ['events.type_undeclared'] });
    await one.deliver(await one.emit('go'));
    expect(await typesOf(one)).toEqual(['known', 'notification.requested', 'known', 'notification.requested']);
    expect(await one.records()).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'succeeded', output: 'events.type_undeclared' }]);
  });

  it('are told of beside what was published, where the workspace wants to be warned', async () => {
    const one = await bench('warn');
    await one.deliver(await one.emit('go'));
    expect(await typesOf(one)).toEqual(['surprise', 'runtime.types.violated', 'known', 'notification.requested']);
    const [violated] = (await one.told()).filter(([type]) => type === 'runtime.types.violated');
    expect(violated?.[1]).toEqual({ type: 'surprise', version: 0, problems: [{ pointer: '', detail: 'is of no declared type' }] });
  });

  it('are held to it in a repeat of a run on its version, and in a test of the draft', async () => {
    const one = await bench('refuse');
    expect(await one.engine.models.at(WORKSPACE, 'declared')).toMatchObject({ digest: 'declared', unknownEvents: 'refuse' });
    one.publish('draft', { main: EMITS }, {}, EVENTS);
    expect(await one.engine.models.draft(WORKSPACE, one.context(ANONYMOUS))).not.toHaveProperty('unknownEvents');
  });
});
