import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { resolvedConfig, SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { ConfigEnvironment } from './declared-configs';
import { Workbench, WORKSPACE } from '../testing/workbench';

const SETTINGS = [
  'name: Hotel',
  'config:',
  '  schema: { properties: { town: { type: string, default: Lac }, rooms: { type: integer }, key: { type: string, secret: true } } }',
  '  value: { owner: ada }',
].join('\n');
const APP = { file: 'workspace.yaml', text: 'name: CRM\nconfig: { schema: { properties: { url: { type: string } } } }' };
const AUTOMATIONS = {
  show: 'do: []\noutput: "{{config}}"',
  count: 'do: [{ set: { name: config.rooms, type: increment } }]\noutput: "{{config.rooms}}"',
  tell: 'do: [{ emit: { event: told, payload: { key: "{{config.key}}" } } }]',
  crm: 'do: [{ desk.show: { output: said } }]\noutput: "{{said}}"',
};

async function bench(texts: Readonly<Record<string, string>>) {
  const ports = memoryPorts();
  const configEnvironment: ConfigEnvironment = {
    resolve: (what, slug, declared) => resolvedConfig(declared, (name) => texts[`${what} ${slug} ${name}`]),
  };
  const runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, AUTOMATIONS, { settings: { configEnvironment } });
  const shown = { file: 'automations/show.yaml', text: 'do: []\noutput: "{{config}}"' };
  runtime.publish('d', AUTOMATIONS, { desk: { app: 'crm', automations: [shown], workspace: APP } }, [], SETTINGS);
  const output = async (slug: string): Promise<unknown> => {
    const rest = await (await runtime.begin(slug)).rest;
    return rest.kind === 'ended' && 'output' in rest.ended ? rest.ended.output : rest;
  };
  return { runtime, output };
}

describe('a configuration of which the environment says something', () => {
  it('is read with it where a version says nothing, and with defaults where nobody does', async () => {
    const { output } = await bench({ 'workspace main rooms': '12', 'workspace main owner': 'bob', 'app crm rooms': '1' });
    expect(await output('show')).toEqual({ owner: 'ada', rooms: 12, town: 'Lac' });
  });

  it('is read by every instance of an app as it is said of the app', async () => {
    const { output } = await bench({ 'app crm url': 'https://crm.example', 'workspace main url': 'x' });
    expect(await output('crm')).toEqual({ url: 'https://crm.example' });
  });

  it('is written over by automations, until the environment says something else', async () => {
    const texts: Record<string, string> = { 'workspace main rooms': '12' };
    const { runtime, output } = await bench(texts);
    expect([await output('count'), await output('count')]).toEqual([13, 14]);
    texts['workspace main rooms'] = '20';
    expect(((await output('show')) as JsonMap)['rooms']).toBe(14);
    runtime.publish('e', AUTOMATIONS, {}, [], SETTINGS);
    const { plan } = await runtime.engine.models.get(WORKSPACE);
    expect((await runtime.engine.configuration.load(plan, { workspaceId: WORKSPACE, instance: '' })).value['rooms']).toBe(20);
  });

  it('keeps what its schema marks as secret out of what others see', async () => {
    const { runtime, output } = await bench({ 'workspace main key': 'sk-very-secret' });
    await output('tell');
    expect(await runtime.told()).toContainEqual(['told', { key: 'REDACTED' }]);
  });
});
