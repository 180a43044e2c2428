import { afterEach, describe, expect, it } from '@jest/globals';
import { AppsService, LifeService, MembersService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../index';

const { createWorkspace, deleteWorkspace, publishVersion, putAutomation } = WorkspacesService.method;
const { duplicateWorkspace, restoreWorkspace, transferWorkspace } = LifeService.method;

describe('the room for workspaces', () => {
  const [ada, bob] = [person('ada'), person('bob')];
  const admin: Principal = { ...person('anna'), roles: ['platform-admin'] };
  let bench: ServiceBench;

  const open = async (environment: Record<string, string>): Promise<void> => {
    bench = await serviceBench(workspacesService(environment));
  };

  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (name: string, who = ada): Promise<string> =>
    (await bench.bus.call(createWorkspace, { name }, bench.as(who))).workspace?.id ?? '';
  const drop = (workspaceId: string) => bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
  const full = (quota: string, limit: number, message: string) => ({
    ...{ code: 'workspaces.quota_reached', refusal: 'exhausted', facts: { quota, limit } },
    message: expect.stringContaining(message),
  });

  it('ends for a person at so many that they own, however they come to one more', async () => {
    await open({ MILLRACE_WORKSPACES_OWNED: '2' });
    const owned = full('workspaces-owned', 2, 'at most 2 workspaces. Delete one first');
    const [first, second] = [await create('First'), await create('Second')];
    await expect(create('Third')).rejects.toMatchObject(owned);
    await expect(bench.bus.call(duplicateWorkspace, { workspaceId: first, name: 'Copy' }, bench.as(ada))).rejects.toMatchObject(owned);
    await drop(second);
    await create('Third');
    await expect(bench.bus.call(restoreWorkspace, { workspaceId: second }, bench.as(ada))).rejects.toMatchObject(owned);
    const bobs = await create('Of Bob', bob);
    const invited = { workspaceId: bobs, userId: 'ada', roles: ['viewer'] };
    const { member } = await bench.bus.call(MembersService.method.inviteMember, invited, bench.as(bob));
    const transfer = { workspaceId: bobs, memberId: member?.id ?? '' };
    await bench.bus.call(transferWorkspace, transfer, bench.as(bob));
    await expect(bench.bus.call(transferWorkspace, transfer, bench.as(ada))).rejects.toMatchObject(owned);
    await drop(first);
    expect((await bench.bus.call(transferWorkspace, transfer, bench.as(ada))).workspace).toMatchObject({ owner: 'ada' });
  });

  it('ends on the platform at so many; who makes and deletes takes no place for long', async () => {
    await open({ MILLRACE_WORKSPACES_MOST: '2' });
    const gone = await create('First');
    await create('Second', bob);
    const most = full('platform-workspaces', 2, 'The platform has at most 2 workspaces');
    await expect(create('Third')).rejects.toMatchObject(most);
    await drop(gone);
    for (let again = 0; again < 3; again += 1) await drop(await create('Third'));
    await create('Third');
    await bench.bus.call(restoreWorkspace, { workspaceId: gone }, bench.as(ada));
    await expect(create('Fourth')).rejects.toMatchObject(most);
  });

  it('is that of admins alone where operators say so', async () => {
    await open({ MILLRACE_WORKSPACES_CREATED_BY: 'admins' });
    const denied = { code: 'workspaces.create_denied', refusal: 'forbidden' };
    await expect(create('First')).rejects.toMatchObject(denied);
    const workspaceId = await create('First', admin);
    const copy = { workspaceId, name: 'Copy' };
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'ada', roles: ['editor'] }, bench.as(admin));
    await expect(bench.bus.call(duplicateWorkspace, copy, bench.as(ada))).rejects.toMatchObject(denied);
  });

  it('is as the design says unless operators say otherwise', async () => {
    await open({});
    for (let made = 0; made < 50; made += 1) await create(`Place ${made} here`);
    await expect(create('One more')).rejects.toMatchObject(full('workspaces-owned', 50, 'at most 50 workspaces'));
    await create('Another', bob);
  });

  it('ends for apps at so many; of those that are there, versions are published on', async () => {
    await open({ MILLRACE_APPS_MOST: '1' });
    const publish = (workspaceId: string, number: string) =>
      bench.bus.call(AppsService.method.publishApp, { workspaceId, number }, bench.as(ada));
    const published = async (name: string): Promise<string> => {
      const workspaceId = await create(name);
      await bench.bus.call(putAutomation, { workspaceId, slug: 'greet', source: Buffer.from('do: []\noutput: hi\n') }, bench.as(ada));
      await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada));
      return workspaceId;
    };
    const [first, second] = [await published('First app'), await published('Second app')];
    await publish(first, '1.0.0');
    await expect(publish(second, '1.0.0')).rejects.toMatchObject({
      ...{ code: 'apps.quota_reached', refusal: 'exhausted', facts: { quota: 'platform-apps', limit: 1 } },
      message: expect.stringContaining('at most 1 apps'),
    });
    await publish(first, '1.1.0');
  });
});
