import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MembersService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Principal } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { createWorkspace } from '../../domain/workspace';
import { MEMBERS, WORKSPACES } from '../../infrastructure/collections';
import { workspacesService } from '../../index';

const { method } = WorkspacesService;
const { inviteMember, updateMember } = MembersService.method;
const DAY = 86_400_000;

describe('workspaces, many of them and while others are at work', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let count = 0;
  let slug: string;
  let workspaceId: string;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    slug = `many-${(count += 1)}`;
    workspaceId = await create(slug);
  });

  afterEach(() => {
    interruptions.ahead = 0;
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (called: string, owner = ada): Promise<string> =>
    (await bench.bus.call(method.createWorkspace, { name: 'Many', slug: called }, bench.as(owner))).workspace?.id ?? '';
  const update = async (fields: object) =>
    (await bench.bus.call(method.updateWorkspace, { workspaceId, ifMatch: '*', ...fields }, bench.as(ada))).workspace;
  const find = async (name: string) => (await bench.bus.call(method.getWorkspace, { workspaceId: name }, bench.as(ada))).workspace;
  const list = async (who: Principal, limit = 200): Promise<readonly string[]> => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = await bench.bus.call(method.listWorkspaces, { limit, cursor }, bench.as(who));
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== '');
    return ids;
  };

  it('are made once each: a slug that another one takes meanwhile is taken, and what failed may be done again', async () => {
    interruptions.before('workspaces', 'insert', () => create(`${slug}-new`, bob));
    await expect(create(`${slug}-new`)).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    interruptions.fail('workspaces', 'insert');
    await expect(create(`${slug}-else`)).rejects.toThrow(RemoteFault);
    expect(await create(`${slug}-else`)).not.toBe('');
  });

  it('are changed by one at a time: who comes second is told who was first', async () => {
    interruptions.before('workspaces', 'update', () => update({ name: 'Theirs' }));
    await expect(update({ name: 'Mine', ifMatch: '"1"' })).rejects.toMatchObject({
      ...{ code: 'workspaces.precondition_failed', facts: { etag: '2', updatedBy: 'ada' } },
    });
    expect(await find(workspaceId)).toMatchObject({ name: 'Theirs', etag: '2' });
  });

  it('keep their slug when the new one could not be written', async () => {
    for (const [collection, deed] of [['slug-aliases', 'insert'] as const, ['workspaces', 'update'] as const]) {
      interruptions.fail(collection, deed);
      await expect(update({ slug: `${slug}-new` })).rejects.toThrow(RemoteFault);
      expect(await find(slug)).toMatchObject({ id: workspaceId, slug });
    }
    await expect(find(`${slug}-new`)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await update({ slug: `${slug}-new` });
    expect(await find(slug)).toMatchObject({ id: workspaceId, slug: `${slug}-new` });
  });

  it('answer to a slug for ninety days from when they gave it up last', async () => {
    await update({ slug: `${slug}-new` });
    await update({ slug });
    interruptions.ahead = 60 * DAY;
    await update({ slug: `${slug}-new` });
    interruptions.ahead = 149 * DAY;
    expect(await find(slug)).toMatchObject({ id: workspaceId });
    await expect(create(slug, bob)).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    interruptions.ahead = 151 * DAY;
    await expect(find(slug)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    expect(await create(slug, bob)).not.toBe('');
  });

  it('of others are listed each once and all of them, however many there are', async () => {
    const documents = bench.services[0]?.parts.documents;
    const [workspaces, members] = [await documents?.collection(WORKSPACES), await documents?.collection(MEMBERS)];
    const vera: Principal = { ...person('vera'), email: 'Vera@mill.example', verified: true };
    const places = Array.from({ length: 205 }, (_, at) => String(at).padStart(26, '0'));
    for (const [at, place] of places.entries()) {
      const made = createWorkspace(`ws_${place}`, 'carl', { name: 'Of Carl', slug: `of-carl-${at}` }, 0);
      await workspaces?.insert(made);
      const member = { workspaceId: made.id, roles: ['viewer'], invitedBy: 'carl', createdAt: 0 };
      if (at !== 204) await members?.insert({ ...member, id: `mem_${place}`, user: 'vera' });
      if (at < 5 || at === 204) await members?.insert({ ...member, id: `mem_${place}e`, email: 'vera@mill.example' });
    }
    const wanted = places.map((place) => `ws_${place}`);
    expect(await list({ ...vera, id: 'another', verified: false })).toEqual([]);
    for (const limit of [200, 100]) expect([...(await list(vera, limit))].sort()).toEqual(wanted);
    // Invitations are hers now, whoever has the address later.
    expect(await list({ ...vera, id: 'another' })).toEqual([]);
  });

  it('are none of a service, and are not left out because the store is away', async () => {
    expect(await list(servicePrincipal('gateway'))).toEqual([]);
    const limited: Principal = { ...ada, workspaces: [workspaceId, 'ws_00000000000000000000000099'] };
    interruptions.fail('workspaces', 'find');
    await expect(list(limited)).rejects.toThrow(RemoteFault);
    expect(await list(limited)).toEqual([workspaceId]);
  });

  it('have members who are changed only by who knows how they are', async () => {
    const { member } = await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, bench.as(ada));
    const change = (roles: string[], ifMatch: string) =>
      bench.bus.call(updateMember, { workspaceId, memberId: member?.id ?? '', roles, ifMatch }, bench.as(ada));
    await change(['editor'], '"1"');
    await expect(change(['operator'], '"1"')).rejects.toMatchObject({ code: 'workspaces.precondition_failed', refusal: 'conflict' });
    expect((await change(['operator'], '"2"')).member).toMatchObject({ roles: ['operator'], etag: '3' });
  });
});
