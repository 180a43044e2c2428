import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LifeService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, deleteWorkspace, getWorkspace, listWorkspaces, updateWorkspace } = WorkspacesService.method;
const { suspendWorkspace } = LifeService.method;

describe('the listed workspaces', () => {
  const [ada, bob] = [person('ada'), person('bob')];
  let bench: ServiceBench;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (name: string, listed = true): Promise<string> => {
    const { workspace } = await bench.bus.call(createWorkspace, { name, description: `The ${name}` }, bench.as(ada));
    if (listed) await list(workspace?.id ?? '', true);
    return workspace?.id ?? '';
  };
  const list = (workspaceId: string, listed: boolean) =>
    bench.bus.call(updateWorkspace, { workspaceId, ifMatch: '*', settings: { listed }, labels: { items: ['prod'] } }, bench.as(ada));
  const found = async (asked: object = {}, who: Principal = bob) =>
    bench.bus.call(listWorkspaces, { listed: true, ...asked }, bench.as(who));
  const namesFor = async (asked?: object, who?: Principal) => (await found(asked, who)).items.map(({ name }) => name);

  it('are found by everybody, newest first, with what describes them and nothing else', async () => {
    const [id] = [await create('Hotel'), await create('Hidden', false)];
    await create('Inn');
    expect(await namesFor()).toEqual(['Inn', 'Hotel']);
    expect(await namesFor({}, ada)).toEqual(['Inn', 'Hotel']);
    const [, { $typeName: _, ...hotel } = {}] = (await found()).items;
    expect(hotel).toEqual({
      ...{ id, slug: 'hotel', name: 'Hotel', description: 'The Hotel', photo: '', labels: ['prod'] },
      ...{ state: '', role: '', owner: '', etag: '', names: {}, descriptions: {}, freezes: [], suspensionReason: '', draftDigest: '' },
    });
    expect((await bench.bus.call(listWorkspaces, {}, bench.as(bob))).items).toEqual([]);
    for (const name of [id, 'hotel']) {
      await expect(bench.bus.call(getWorkspace, { workspaceId: name }, bench.as(bob))).rejects.toMatchObject({
        code: 'workspaces.not_found',
      });
    }
  });

  it('are paged, filtered and ordered by what is shown of them', async () => {
    const { items, nextCursor } = await found({ limit: 1 });
    expect(items.map(({ slug }) => slug)).toEqual(['inn']);
    expect(await namesFor({ limit: 1, cursor: nextCursor })).toEqual(['Hotel']);
    expect(await namesFor({ where: "slug = 'hotel' and labels = 'prod'" })).toEqual(['Hotel']);
    expect(await namesFor({ where: "state = 'active'" })).toEqual([]);
    expect(await namesFor({ sort: 'name' })).toEqual(['Hotel', 'Inn']);
  });

  it('are those alone that a credential is for', async () => {
    const id = (await found({ where: "slug = 'hotel'" })).items[0]?.id ?? '';
    const hidden = (await bench.bus.call(listWorkspaces, { where: "slug = 'hidden'" }, bench.as(ada))).items[0]?.id ?? '';
    expect(await namesFor({}, { ...bob, workspaces: [id, hidden, 'ws_gone'] })).toEqual(['Hotel']);
    expect(await namesFor({}, { kind: 'key', id: 'key_1', roles: [], workspace: id })).toEqual(['Hotel']);
    expect(await namesFor({}, { kind: 'key', id: 'key_1', roles: [], workspace: hidden })).toEqual([]);
  });

  it('are so as long as they say so, and nothing stands still or is gone', async () => {
    const id = await create('Fickle');
    const suspend = (suspended: boolean) => bench.bus.call(suspendWorkspace, { workspaceId: id, suspended }, bench.as(ada));
    const isFound = async (): Promise<boolean> => (await namesFor()).includes('Fickle');
    expect(await isFound()).toBe(true);
    await suspend(true);
    expect(await isFound()).toBe(false);
    await suspend(false);
    expect(await isFound()).toBe(true);
    await list(id, false);
    expect(await isFound()).toBe(false);
    await list(id, true);
    await bench.bus.call(deleteWorkspace, { workspaceId: id, ifMatch: '*' }, bench.as(ada));
    expect(await isFound()).toBe(false);
  });
});
