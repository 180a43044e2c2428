import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LifeService, listingOf, PlatformService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../index';

const { createWorkspace, deleteWorkspace } = WorkspacesService.method;
const { listAllWorkspaces } = PlatformService.method;

describe('all workspaces', () => {
  const [ada, bob] = [person('ada'), person('bob')];
  const olga: Principal = { ...person('olga'), roles: ['platform-operator'] };
  let bench: ServiceBench;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const hotel = await create('Hotel', ada);
    await create('Mill', bob);
    const gone = await create('Gone', bob);
    await bench.bus.call(deleteWorkspace, { workspaceId: gone, ifMatch: '*' }, bench.as(bob));
    const suspended = { workspaceId: hotel, suspended: true, freezes: ['endpoints'], reason: 'Too many bookings.' };
    await bench.bus.call(LifeService.method.suspendWorkspace, suspended, bench.as(ada));
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (name: string, who: Principal): Promise<string> =>
    (await bench.bus.call(createWorkspace, { name }, bench.as(who))).workspace?.id ?? '';
  const list = (asked: object = {}, who = olga) => bench.bus.call(listAllWorkspaces, asked, bench.as(who));
  const slugs = async (asked?: object): Promise<readonly string[]> => (await list(asked)).items.map(({ slug }) => slug);

  it('are shown to operators, newest first, whosever they are, and without those that are deleted', async () => {
    const { items } = await list();
    expect(items).toEqual([
      expect.objectContaining({ slug: 'mill', name: 'Mill', owner: 'bob', state: 'active', freezes: [], suspensionReason: '' }),
      expect.objectContaining({ slug: 'hotel', owner: 'ada', freezes: ['endpoints'], suspensionReason: 'Too many bookings.' }),
    ]);
    expect((await list({}, { ...ada, roles: ['platform-admin'] })).items).toHaveLength(2);
  });

  it('are paged, filtered and ordered', async () => {
    const { items, nextCursor } = await list({ limit: 1 });
    expect(items.map(({ slug }) => slug)).toEqual(['mill']);
    expect(await slugs({ limit: 1, cursor: nextCursor })).toEqual(['hotel']);
    expect(await slugs({ where: "owner = 'ada'" })).toEqual(['hotel']);
    expect(await slugs({ sort: 'slug' })).toEqual(['hotel', 'mill']);
    for (const field of listingOf(listAllWorkspaces)?.fields ?? []) await list({ where: `${field} exists` });
  });

  it('are no concern of anybody else, nor of a credential that is for less', async () => {
    const denied = { code: 'workspaces.read_denied', refusal: 'forbidden' };
    const others = [ada, { ...ada, roles: ['platform-auditor'] }, { ...olga, workspaces: [] }, { ...olga, kind: 'key' as const }];
    for (const who of others) await expect(list({}, who)).rejects.toMatchObject(denied);
    await expect(list({}, { ...olga, scopes: ['read:events'] })).rejects.toMatchObject({ code: 'auth.scope_missing' });
  });
});
