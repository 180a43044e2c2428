import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DraftsService, LifeService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;
const PARIS = { timeZone: 'Europe/Paris', locale: 'fr' };

describe('zone and language of a workspace', () => {
  const ada = person('ada');
  let bench: ServiceBench;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  async function published(name: string): Promise<string> {
    const { workspace } = await bench.bus.call(createWorkspace, { name }, bench.as(ada));
    const workspaceId = workspace?.id ?? '';
    const files = { 'automations/a.yaml': 'do: []\n' };
    await bench.bus.call(DraftsService.method.applyDraft, { workspaceId, ifMatch: '*', files }, bench.as(ada));
    await bench.bus.call(publishVersion, { workspaceId, message: 'm' }, bench.as(ada));
    return workspaceId;
  }

  const settle = async (workspaceId: string, settings: { zone?: string; locale?: string; listed?: boolean }) =>
    (await bench.bus.call(updateWorkspace, { workspaceId, ifMatch: '*', settings }, bench.as(ada))).workspace?.settings;
  const told = async (workspaceId: string): Promise<Record<string, unknown>> => {
    const entry = await (await bench.platform.keyValue.bucket('active')).get(workspaceId);
    return JSON.parse(Buffer.from(entry?.value ?? []).toString('utf8')) as Record<string, unknown>;
  };

  it('are told to runtimes with what runs, as far as it names any', async () => {
    const workspaceId = await published('Regional');
    expect(await told(workspaceId)).not.toHaveProperty('region');
    expect(await settle(workspaceId, { zone: 'Europe/Paris', locale: 'fr' })).toMatchObject({ zone: 'Europe/Paris', locale: 'fr' });
    const { digest } = await told(workspaceId);
    expect(await told(workspaceId)).toMatchObject({ region: PARIS });
    await settle(workspaceId, { locale: 'de' });
    expect(await told(workspaceId)).toMatchObject({ digest, region: { locale: 'de' } });
    expect(await settle(workspaceId, { listed: true })).toMatchObject({ zone: '', locale: '' });
    expect(await told(workspaceId)).not.toHaveProperty('region');
  });

  it('are not those of its copy', async () => {
    const workspaceId = await published('Original');
    await settle(workspaceId, { zone: 'Europe/Paris' });
    const { workspace } = await bench.bus.call(LifeService.method.duplicateWorkspace, { workspaceId, name: 'Copy' }, bench.as(ada));
    expect(workspace?.settings).toMatchObject({ zone: '', locale: '' });
  });

  it.each([
    [{ zone: 'Mars/Base' }, '/settings/zone'],
    [{ zone: '+02:00' }, '/settings/zone'],
    [{ locale: 'xx' }, '/settings/locale'],
    [{ locale: 'fr_FR' }, '/settings/locale'],
  ])('are not %p, and nothing of the change is kept', async (wrong, pointer) => {
    const workspaceId = await published(`Wrong ${JSON.stringify(wrong)}`);
    await settle(workspaceId, { zone: 'Europe/Paris', locale: 'fr' });
    await expect(settle(workspaceId, { listed: true, ...wrong })).rejects.toMatchObject({ refusal: 'invalid', errors: [{ pointer }] });
    expect(await told(workspaceId)).toMatchObject({ region: PARIS });
  });
});
