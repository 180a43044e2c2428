import { SqliteDocuments, type Collection } from '@millrace/documents';
import { Clock, Ids, servicePrincipal } from '@millrace/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Member } from '../../domain/members';
import { through } from '../../../testing/through';
import { deleteWorkspace, restoreWorkspace, suspend } from '../../domain/life';
import type { Share } from '../../domain/sharing/share';
import { createWorkspace, type Workspace } from '../../domain/workspace';
import { MEMBERS, SHARES, WORKSPACES } from '../../infrastructure/collections';
import { Facts } from '../facts';
import { TidyShares } from '../sharing/tidy-shares';
import { ErasePerson } from './erase-person';

const NOW = Date.UTC(2026, 10, 21);
const context = { principal: servicePrincipal('workspaces'), correlationId: 'c', deadline: NOW + 60_000 };

class StillClock extends Clock {
  override now(): number {
    return NOW;
  }
}

class Counted extends Ids {
  private count = 0;

  override mint(prefix: string): string {
    this.count += 1;
    return `${prefix}_${this.count}`;
  }

  override derive(prefix: string, ...names: readonly string[]): string {
    return [prefix, ...names].join('_');
  }
}

describe('erasing who has left', () => {
  let documents: SqliteDocuments;
  let workspaces: Collection<Workspace>;
  let members: Collection<Member>;
  let shares: Collection<Share>;
  let announced: string[];
  let credentials: string[];
  let forgotten: string[];

  beforeEach(async () => {
    documents = await SqliteDocuments.open(':memory:');
    workspaces = await documents.collection(WORKSPACES);
    members = await documents.collection(MEMBERS);
    shares = await documents.collection(SHARES);
    announced = [];
    credentials = [];
    forgotten = [];
  });

  afterEach(() => documents.close());

  const erase = () =>
    new ErasePerson({
      workspaces,
      members,
      credentials: { userDeleted: async (_, user) => void credentials.push(user) },
      jobs: { forget: async (user) => void forgotten.push(user) },
      drafts: { forget: async (user) => void forgotten.push(`drafts of ${user}`) },
      tidyShares: new TidyShares({
        shares,
        facts: new Facts(new StillClock(), new Counted()),
        clock: new StillClock(),
        ids: new Counted(),
      }),
      announce: { workspace: async (id) => void announced.push(id) },
      facts: new Facts(new StillClock(), new Counted()),
      clock: new StillClock(),
    }).run(context, 'ada');

  const owned = (id: string, owner: string) =>
    workspaces.insert({ ...createWorkspace(id, owner, { name: `Mill ${id}` }, NOW), updatedBy: owner });
  const member = (id: string, workspaceId: string, user: string, more: Partial<Member> = {}) =>
    members.insert({ id, workspaceId, user, roles: ['owner'], invitedBy: 'x', createdAt: NOW, ...more });
  const shared = (id: string, user: string): Share => ({
    ...{ id, user, workspaceId: 'one', subject: 'runs', object: 'run_1', actions: ['read'], createdAt: NOW },
    sharer: { kind: 'user', id: 'bob', platform: [], claimed: [] },
  });
  const told = async () => (await documents.outbox.pending(100)).map(({ event: { type, workspaceId } }) => `${workspaceId} ${type}`);

  it('ends memberships, tokens and keys, and leaves those of others', async () => {
    await owned('one', 'bob');
    await member('mem_a', 'one', 'ada', { roles: ['viewer'] });
    await member('mem_c', 'one', 'cleo');
    await shares.insert(shared('shr_a', 'ada'));
    await shares.insert(shared('shr_c', 'cleo'));
    expect(await erase()).toEqual({ memberships: 1, shares: 1, handedOn: 0, suspended: 0 });
    expect((await shares.page({ limit: 9 })).items.map(({ document }) => document.id)).toEqual(['shr_c']);
    expect(forgotten).toEqual(['ada', 'drafts of ada']);
    expect([await members.find('mem_a'), (await members.find('mem_c'))?.document.user, credentials]).toEqual([undefined, 'cleo', ['ada']]);
    expect((await workspaces.get('one')).document.owner).toBe('bob');
    expect(await told()).toEqual(['one workspaces.members.left', 'one workspaces.shares.deleted']);
  });

  it('suspends a workspace that has no other owner, and nothing runs in it', async () => {
    await owned('one', 'ada');
    await member('mem_v', 'one', 'vera', { roles: ['viewer'] });
    await member('mem_p', 'one', 'past', { expiresAt: NOW - 1 });
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 0, suspended: 1 });
    expect((await workspaces.get('one')).document).toMatchObject({ state: 'suspended', owner: '' });
    expect(JSON.stringify((await workspaces.get('one')).document)).not.toContain('ada');
    expect([announced, await told()]).toEqual([['one'], ['one workspaces.suspended']]);
  });

  it('hands a workspace on to another owner', async () => {
    await owned('one', 'ada');
    await member('mem_c', 'one', 'cleo');
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 1, suspended: 0 });
    expect((await workspaces.get('one')).document).toMatchObject({ state: 'active', owner: 'cleo' });
  });

  it('ends all memberships and gives up all workspaces, however many there are', async () => {
    for (let index = 0; index < 205; index += 1) {
      await owned(`own-${index}`, 'ada');
      await member(`mem_${index}`, `other-${index}`, 'ada');
    }
    expect(await erase()).toEqual({ memberships: 205, shares: 0, handedOn: 0, suspended: 205 });
    for (const left of [members.page({ where: { user: 'ada' }, limit: 1 }), workspaces.page({ where: { owner: 'ada' }, limit: 1 })]) {
      expect((await left).items).toEqual([]);
    }
  });

  it('hands a workspace on to the owner who came last of very many members', async () => {
    await owned('one', 'ada');
    for (let index = 0; index < 201; index += 1) {
      await member(`mem_${index}`, 'one', `u${index}`, { roles: ['viewer'], createdAt: NOW + index });
    }
    await member('mem_c', 'one', 'cleo', { createdAt: NOW + 1_000 });
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 1, suspended: 0 });
    expect((await workspaces.get('one')).document.owner).toBe('cleo');
  });

  it('leaves no name in what was deleted, and that comes back another owner’s, or stands still', async () => {
    for (let index = 0; index < 205; index += 1) {
      const { document } = await owned(`gone-${index}`, 'ada');
      await workspaces.update(document.id, (workspace) => ({ document: deleteWorkspace(workspace, { by: 'ada', at: NOW }), events: [] }));
    }
    await member('mem_c', 'gone-7', 'cleo');
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 0, suspended: 0 });
    const restored = async (id: string) => restoreWorkspace((await workspaces.get(id)).document, { by: 'otto', at: NOW });
    expect(JSON.stringify((await workspaces.get('gone-204')).document)).not.toContain('ada');
    expect([await restored('gone-204'), await restored('gone-7')]).toMatchObject([
      { state: 'suspended', owner: '' },
      { state: 'active', owner: 'cleo' },
    ]);
    expect([announced, await told()]).toEqual([[], []]);
  });

  it('gives up as any other what is had back in that moment', async () => {
    await owned('one', 'ada');
    await workspaces.update('one', (workspace) => ({ document: deleteWorkspace(workspace, { by: 'ada', at: NOW }), events: [] }));
    const restore = (workspace: Workspace) => ({ document: restoreWorkspace(workspace, { by: 'otto', at: NOW }), events: [] });
    const kept = workspaces;
    let isBefore = true;
    workspaces = through(kept, {
      update: async (...asked: Parameters<Collection<Workspace>['update']>) => {
        if (isBefore) await kept.update('one', restore);
        isBefore = false;
        return kept.update(...asked);
      },
    });
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 0, suspended: 1 });
    expect((await workspaces.get('one')).document).toMatchObject({ state: 'suspended', owner: '' });
  });

  it('leaves no name in why a workspace stands still, and what operators stopped stays theirs', async () => {
    for (const [id, by] of [['own', 'ada'] as const, ['theirs', 'otto'] as const]) {
      await owned(id, 'ada');
      const stopped = { freezes: [], reason: 'Holidays.', isOperators: by === 'otto' };
      await workspaces.update(id, (workspace) => ({ document: suspend(workspace, stopped, { by, at: NOW }), events: [] }));
    }
    await owned('shared', 'ada');
    const own = { freezes: [], reason: 'Holidays.', isOperators: false };
    await workspaces.update('shared', (workspace) => ({ document: suspend(workspace, own, { by: 'ada', at: NOW }), events: [] }));
    await member('mem_c', 'shared', 'cleo');
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 1, suspended: 2 });
    const stops = [];
    for (const id of ['own', 'theirs', 'shared']) stops.push((await workspaces.get(id)).document.suspension);
    expect(stops).toMatchObject([undefined, { by: 'otto', isOperators: true }, { by: '', reason: 'Holidays.' }]);
  });

  it('may be done again', async () => {
    await owned('one', 'ada');
    await erase();
    expect(await erase()).toEqual({ memberships: 0, shares: 0, handedOn: 0, suspended: 0 });
  });
});
