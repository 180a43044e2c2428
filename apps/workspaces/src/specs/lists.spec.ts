import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AppsService,
  EventTypesService,
  FilesService,
  InstancesService,
  KeysService,
  listingOf,
  MembersService,
  RightsService,
  SecretsService,
  SharesService,
  TokensService,
  WorkspacesService,
} from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, listAutomations, listVersions, listWorkspaces, publishVersion, putAutomation } = WorkspacesService.method;
const { inviteMember, listMembers } = MembersService.method;
const { listRoles, putRole } = RightsService.method;
const { createKey, listKeys } = KeysService.method;
const { listSecrets, setSecret } = SecretsService.method;
const { createToken, listTokens } = TokensService.method;
const encoder = new TextEncoder();

/** The lists of a workspace, each as one of them: what they are asked is named the same. */
const LISTS = [
  listAutomations,
  listVersions,
  listMembers,
  listRoles,
  listKeys,
  listSecrets,
  SharesService.method.listShares,
  EventTypesService.method.listEventTypes,
  FilesService.method.listFiles,
  InstancesService.method.listInstances,
] as unknown as readonly (typeof listMembers)[];
const OTHERS = [listWorkspaces, listTokens, AppsService.method.listApps] as unknown as readonly (typeof listTokens)[];

describe('the lists of workspaces', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    for (const name of ['Hotel', 'Bar', 'Pool']) {
      const { workspace } = await bench.bus.call(createWorkspace, { name, slug: name.toLowerCase() }, bench.as(ada));
      workspaceId = workspace?.id ?? '';
    }
    const put = (slug: string, labels: string, ifMatch = '') =>
      bench.bus.call(putAutomation, { workspaceId, slug, source: encoder.encode(`labels: [${labels}]\ndo: []\n`), ifMatch }, bench.as(ada));
    await put('desk/check-in', 'desk');
    await put('night/close', 'night');
    await put('desk/close', 'desk, night');
    for (const [message, ifMatch] of [['one', ''] as const, ['two', '*'] as const]) {
      await put('round', `round-${message}`, ifMatch);
      await bench.bus.call(publishVersion, { workspaceId, message }, bench.as(ada));
    }
    const rules = [{ allow: ['read'], on: ['automations'], where: "slug starts with 'desk/'" }];
    await bench.bus.call(putRole, { workspaceId, role: 'desk', rules, ifMatch: '' }, bench.as(ada));
    await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['desk'] }, bench.as(ada));
    await bench.bus.call(inviteMember, { workspaceId, email: 'eve@hotel.example', roles: ['viewer', 'desk'] }, bench.as(ada));
    for (const name of ['B_KEY', 'A_KEY']) await bench.bus.call(setSecret, { workspaceId, name, value: 'x' }, bench.as(ada));
    const shared = { subject: 'automations', object: 'round', actions: ['read'], email: 'eve@hotel.example' };
    await bench.bus.call(SharesService.method.createShare, { workspaceId, ...shared }, bench.as(ada));
    await bench.bus.call(createKey, { workspaceId, name: 'door', role: 'viewer' }, bench.as(ada));
    await bench.bus.call(createToken, { name: 'mine', scopes: ['read:events'] }, bench.as(ada));
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const slugs = async (asked: object, by = ada) => {
    const { items } = await bench.bus.call(listAutomations, { workspaceId, ...asked }, bench.as(by));
    return items.map(({ slug }) => slug);
  };

  it('are filtered and sorted by what their items show', async () => {
    expect(await slugs({ where: "labels = 'night'" })).toEqual(['desk/close', 'night/close']);
    expect(await slugs({ where: "not (slug = 'round')", sort: '-slug', limit: 2 })).toEqual(['night/close', 'desk/close']);
    const named = await bench.bus.call(listWorkspaces, { sort: 'name', where: "name != 'Bar'" }, bench.as(ada));
    expect(named.items.map(({ name }) => name)).toEqual(['Hotel', 'Pool']);
    const { items } = await bench.bus.call(listMembers, { workspaceId, where: 'email exists' }, bench.as(ada));
    expect(items.map(({ email }) => email)).toEqual(['eve@hotel.example']);
    const versions = await bench.bus.call(listVersions, { workspaceId, where: "message = 'one' or number > 7" }, bench.as(ada));
    expect(versions.items.map(({ message }) => message)).toEqual(['one']);
  });

  it('lead from page to page', async () => {
    const first = await bench.bus.call(listAutomations, { workspaceId, sort: '-slug', limit: 3 }, bench.as(ada));
    const asked = { workspaceId, sort: '-slug', limit: 3, cursor: first.nextCursor };
    const second = await bench.bus.call(listAutomations, asked, bench.as(ada));
    expect([...first.items, ...second.items].map(({ slug }) => slug)).toEqual(['round', 'night/close', 'desk/close', 'desk/check-in']);
    expect(second.nextCursor).toBe('');
  });

  it('say nothing of what the caller may not see: neither by a filter, nor by where a page ends', async () => {
    expect(await slugs({ where: "slug starts with 'night'" }, bob)).toEqual([]);
    const { items, nextCursor } = await bench.bus.call(listAutomations, { workspaceId, sort: '-slug', limit: 2 }, bench.as(bob));
    expect([items.map(({ slug }) => slug), nextCursor]).toEqual([['desk/close', 'desk/check-in'], '']);
  });

  it.each(LISTS)('of %s can be asked for each field that it names', async (method) => {
    const { fields = [] } = listingOf(method) ?? {};
    for (const field of fields) await bench.bus.call(method, { workspaceId, where: `${field} exists`, limit: 1 }, bench.as(ada));
    const refused = { code: 'lists.sort_invalid', message: expect.stringContaining(fields[0] ?? '?') };
    await expect(bench.bus.call(method, { workspaceId, sort: 'shoe' }, bench.as(ada))).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method, { workspaceId, where: 'shoe = 1' }, bench.as(ada))).rejects.toMatchObject({
      code: 'lists.filter_invalid',
      refusal: 'invalid',
    });
  });

  it.each(OTHERS)('of %s can be asked for each field that it names', async (method) => {
    const { fields = [] } = listingOf(method) ?? {};
    for (const field of fields) await bench.bus.call(method, { where: `${field} exists` }, bench.as(ada));
    await expect(bench.bus.call(method, { sort: 'shoe' }, bench.as(ada))).rejects.toMatchObject({ code: 'lists.sort_invalid' });
  });
});
