import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LifeService, MembersService, RightsService, VersionsService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, deleteWorkspace, getAutomation, getWorkspace, publishVersion, putAutomation, updateWorkspace } =
  WorkspacesService.method;
const { duplicateWorkspace, restoreWorkspace } = LifeService.method;
const { listRoles, putRole } = RightsService.method;
const { diffVersions } = VersionsService.method;
const { inviteMember } = MembersService.method;

describe('workspaces as a whole', () => {
  let bench: ServiceBench;
  let count = 0;
  const [ada, bob, carol] = [person('ada'), person('bob'), person('carol')];

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<{ id: string; slug: string }> => {
    const slug = `whole-${(count += 1)}`;
    const { workspace } = await bench.bus.call(createWorkspace, { name: 'Whole', slug }, bench.as(ada));
    const id = workspace?.id ?? '';
    await bench.bus.call(putAutomation, { workspaceId: id, slug: 'greet', source: new TextEncoder().encode('do: []\n') }, bench.as(ada));
    await bench.bus.call(publishVersion, { workspaceId: id }, bench.as(ada));
    return { id, slug };
  };
  const role = (workspaceId: string, name: string, ...rules: readonly { allow: string[]; on: string[]; onDuplicate?: string }[]) =>
    bench.bus.call(putRole, { workspaceId, role: name, rules: [...rules] }, bench.as(ada));
  const invite = (workspaceId: string, { id: userId }: Principal, ...roles: string[]) =>
    bench.bus.call(inviteMember, { workspaceId, userId, roles }, bench.as(ada));
  const rename = (workspaceId: string, slug: string) => bench.bus.call(updateWorkspace, { workspaceId, slug, ifMatch: '*' }, bench.as(ada));
  const copy = async (workspaceId: string, who = ada) =>
    (await bench.bus.call(duplicateWorkspace, { workspaceId, name: `Copy ${(count += 1)}`, with: ['members'] }, bench.as(who))).workspace
      ?.id ?? '';

  it('show what changed between versions to those alone who may read automations', async () => {
    const { id } = await create();
    await role(id, 'historian', { allow: ['read'], on: ['versions'] });
    await invite(id, bob, 'historian');
    await invite(id, carol, 'viewer');
    const diff = (who: Principal) => bench.bus.call(diffVersions, { workspaceId: id, version: '1' }, bench.as(who));
    await expect(diff(bob)).rejects.toMatchObject({ code: 'automations.read_denied', refusal: 'forbidden' });
    expect((await diff(carol)).files).toEqual([]);
  });

  it('are copied with the roles that their members have', async () => {
    const { id } = await create();
    await role(id, 'desk', { allow: ['read'], on: ['automations'] });
    await invite(id, bob, 'desk');
    const made = await copy(id);
    expect((await bench.bus.call(getAutomation, { workspaceId: made, slug: 'greet' }, bench.as(bob))).automation?.slug).toBe('greet');
    const { items } = await bench.bus.call(listRoles, { workspaceId: made }, bench.as(ada));
    expect(items.map(({ name }) => name)).toContain('desk');
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const told = await Array.fromAsync(bench.platform.eventLog.read('first', `${made}.workspaces.roles.changed`, { live: false }));
    expect(told).toHaveLength(1);
  });

  it('are copied without the rules that are for the original alone', async () => {
    const { id } = await create();
    await role(id, 'desk', { allow: ['read'], on: ['automations'] }, { allow: ['read'], on: ['runs'], onDuplicate: 'drop' });
    const rulesIn = async (workspaceId: string) => {
      const { items } = await bench.bus.call(listRoles, { workspaceId }, bench.as(ada));
      return items.find(({ name }) => name === 'desk')?.rules.map(({ on, onDuplicate }) => [...on, onDuplicate]);
    };
    expect(await rulesIn(id)).toEqual([
      ['automations', ''],
      ['runs', 'drop'],
    ]);
    expect(await rulesIn(await copy(id))).toEqual([['automations', '']]);
  });

  it('are copied with members by those alone who may see their roles; without roles of their own there is nothing to see', async () => {
    const { id } = await create();
    await copy(id);
    await role(id, 'host', { allow: ['manage'], on: ['members'] }, { allow: ['read'], on: ['automations'] });
    await invite(id, bob, 'host');
    await expect(copy(id, bob)).rejects.toMatchObject({ code: 'roles.read_denied', refusal: 'forbidden' });
  });

  it('do not come back with a slug that another one had lately and answers to still', async () => {
    const [gone, other] = [await create(), await create()];
    await bench.bus.call(deleteWorkspace, { workspaceId: gone.id, ifMatch: '*' }, bench.as(ada));
    await rename(other.id, `${other.slug}-now`);
    const restore = (slug?: string) =>
      bench.bus.call(restoreWorkspace, { workspaceId: gone.id, ...(slug === undefined ? {} : { slug }) }, bench.as(ada));
    await expect(restore(other.slug)).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    const found = await bench.bus.call(getWorkspace, { workspaceId: other.slug }, bench.as(ada));
    expect(found.workspace?.id).toBe(other.id);
    expect((await restore()).workspace?.slug).toBe(gone.slug);
  });

  it('come back with a slug that they had themselves', async () => {
    const { id, slug } = await create();
    await rename(id, `${slug}-now`);
    await bench.bus.call(deleteWorkspace, { workspaceId: id, ifMatch: '*' }, bench.as(ada));
    expect((await bench.bus.call(restoreWorkspace, { workspaceId: id, slug }, bench.as(ada))).workspace?.slug).toBe(slug);
  });
});
