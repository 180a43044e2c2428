import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsService, DraftsService, InstancesService, LifeService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, deleteWorkspace, getWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;
const { applyDraft } = DraftsService.method;
const { duplicateWorkspace, restoreWorkspace } = LifeService.method;

const calls = (url: string): string => `do: [{ fetch: { url: '${url}' } }]\n`;

describe('the hosts that a workspace reaches', () => {
  const ada = person('ada');
  let bench: ServiceBench;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (name: string): Promise<string> =>
    (await bench.bus.call(createWorkspace, { name }, bench.as(ada))).workspace?.id ?? '';
  const reach = async (workspaceId: string, egress: string[]) =>
    (await bench.bus.call(updateWorkspace, { workspaceId, ifMatch: '*', settings: { egress } }, bench.as(ada))).workspace?.settings;
  const apply = (workspaceId: string, files: Readonly<Record<string, string>>) =>
    bench.bus.call(applyDraft, { workspaceId, ifMatch: '*', files, prefer: 'handling=lenient' }, bench.as(ada));
  const publish = async (workspaceId: string) =>
    (await bench.bus.call(publishVersion, { workspaceId, message: 'm' }, bench.as(ada))).version?.problems ?? [];
  const told = async (workspaceId: string): Promise<unknown> => {
    const entry = await (await bench.platform.keyValue.bucket('egress')).get(workspaceId);
    return entry === undefined ? undefined : JSON.parse(Buffer.from(entry.value).toString('utf8'));
  };

  it('are told to runtimes once it names some, before it has a version, and as long as there is anything of it', async () => {
    const workspaceId = await create('Narrow');
    expect((await bench.bus.call(getWorkspace, { workspaceId }, bench.as(ada))).workspace?.settings?.egress).toEqual([]);
    await reach(workspaceId, []);
    expect(await told(workspaceId)).toBeUndefined();
    expect(await reach(workspaceId, ['api.test', '[2001:db8::1]'])).toMatchObject({ egress: ['api.test', '[2001:db8::1]'] });
    expect(await told(workspaceId)).toMatchObject({ workspaceId, hosts: ['api.test', '[2001:db8::1]'] });
    await bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    expect(await told(workspaceId)).toMatchObject({ hosts: ['api.test', '[2001:db8::1]'] });
    await bench.bus.call(restoreWorkspace, { workspaceId }, bench.as(ada));
    expect(await reach(workspaceId, [])).toMatchObject({ egress: [] });
    expect(await told(workspaceId)).toMatchObject({ hosts: [] });
  });

  it.each([['*'], ['*.test'], ['API.test'], ['api.test:443'], ['https://api.test'], ['api.test.'], ['a b'], ['']])(
    'are names as an app has them, and not %p',
    async (wrong) => {
      const workspaceId = await create('Wrong');
      await expect(reach(workspaceId, [wrong])).rejects.toMatchObject({
        refusal: 'invalid',
        errors: [{ pointer: '/settings/egress/0' }],
      });
      await bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    },
  );

  it('stay behind when it is copied, as its other settings', async () => {
    const workspaceId = await create('Original');
    await reach(workspaceId, ['api.test']);
    const { workspace } = await bench.bus.call(duplicateWorkspace, { workspaceId, name: 'Copy' }, bench.as(ada));
    expect(workspace?.settings).toMatchObject({ egress: [], listed: false });
  });

  it('are missed when a version is published: by its automations where they stand, and by its apps', async () => {
    const publisher = await create('Mail');
    await apply(publisher, { 'automations/send.yaml': calls('https://mail.test/send') });
    await publish(publisher);
    const { version } = await bench.bus.call(AppsService.method.publishApp, { workspaceId: publisher, number: '1.0.0' }, bench.as(ada));
    const workspaceId = await create('Caller');
    await apply(workspaceId, {
      'automations/a.yaml': calls('https://api.test/{{run.id}}'),
      'automations/b.yaml': calls('https://b.test/'),
    });
    const consent = version?.permissions?.digest ?? '';
    await bench.bus.call(InstancesService.method.installApp, { workspaceId, app: 'mail', slug: 'post', consent }, bench.as(ada));
    expect(await publish(workspaceId)).toEqual([]);
    await reach(workspaceId, ['api.test']);
    expect(await publish(workspaceId)).toMatchObject([
      { code: 'host-unreached', severity: 'warning', file: 'automations/b.yaml', line: 1, message: expect.stringContaining('`b.test`') },
      { code: 'host-unreached', severity: 'warning', file: 'apps.yaml', message: expect.stringContaining('"post" calls mail.test') },
    ]);
    await reach(workspaceId, ['api.test', 'b.test', 'mail.test']);
    expect(await publish(workspaceId)).toEqual([]);
  });
});
