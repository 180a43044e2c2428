import { describe, expect, it } from '@jest/globals';
import type { AppPermissions } from '@millrace/language';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Workbench } from '../testing/workbench';

const NOTHING: AppPermissions = { reads: [], emits: [], hosts: [], secrets: [], actions: [], topics: [], files: false };

const HOST = {
  start:
    'when: { events: go }\ndo: [{ one.count: { output: a } }, { two.count: { output: b } }, { emit: { event: counted, payload: { a: "{{a}}", b: "{{b}}" } } }]\n',
  heard: 'when: { events: one.made }\ndo: [{ emit: { event: heard, payload: { of: "{{source.appSlug}}" } } }]\n',
};
const APP = {
  count:
    'do: [{ set: { name: global.n, type: increment, output: n } }, { emit: { event: made, payload: { n: "{{n}}" } } }]\noutput: "{{n}}"\n',
  inside: 'when: { events: made }\ndo: [{ emit: { event: seen, payload: { type: "{{type}}", title: "{{config.title}}" } } }]\n',
};

const filesOf = (automations: Readonly<Record<string, string>>) =>
  Object.entries(automations).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text }));

/** A workspace that has installed one app twice. */
async function twice() {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, {});
  const permissions = { ...NOTHING, emits: ['made', 'seen'] };
  const installed = (title: string) => ({ app: 'counter', automations: filesOf(APP), config: { title }, permissions });
  bench.publish('e', HOST, { one: installed('One'), two: installed('Two') });
  return bench;
}

describe('an app that is installed twice', () => {
  it('keeps two contexts, and neither is that of the other', async () => {
    const bench = await twice();
    await bench.deliver(await bench.emit('go'));
    await bench.deliver(await bench.emit('go'));
    const payloads = (await bench.logged('counted')).map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown);
    expect(payloads).toEqual([
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ]);
  });

  it('tells its events under the name of its instance, and says which app it is', async () => {
    const bench = await twice();
    await bench.deliver(await bench.emit('go'));
    const [made] = await bench.logged('one.made');
    expect(made).toMatchObject({ type: 'one.made', source: { app: 'counter' } });
    if (made === undefined) throw new Error('nothing was told');
    await bench.deliver(made);
    const payloadsOf = async (type: string) =>
      (await bench.logged(type)).map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown);
    expect(await payloadsOf('one.seen')).toEqual([{ type: 'made', title: 'One' }]);
    expect(await payloadsOf('heard')).toEqual([{ of: 'counter' }]);
    expect(await payloadsOf('two.seen')).toEqual([]);
  });
});
