import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KeysService, LifeService, MembersService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../testing/interrupted';
import { workspacesService } from '../index';

const { createWorkspace, getWorkspace } = WorkspacesService.method;
const { inviteMember, listMembers, removeMember } = MembersService.method;
const { suspendWorkspace, transferWorkspace } = LifeService.method;

const WEEK = 7 * 86_400_000;

describe('a workspace that changes hands', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let workspaceId: string;
  let bobs: string;
  let made = 0;
  const [ada, bob, carol] = [person('ada'), person('bob'), person('carol')];
  const admin = { ...person('root'), roles: ['platform-admin'] };

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    made += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Handed ${made}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    bobs = await invite('bob', ['viewer']);
  });

  afterEach(() => {
    interruptions.ahead = 0;
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const invite = async (userId: string, roles: string[], more: object = {}): Promise<string> =>
    (await bench.bus.call(inviteMember, { workspaceId, userId, roles, ...more }, bench.as(ada))).member?.id ?? '';
  const transfer = async (memberId: string, who = ada) =>
    (await bench.bus.call(transferWorkspace, { workspaceId, memberId }, bench.as(who))).workspace;
  const roleOf = async (who: typeof ada) => (await bench.bus.call(getWorkspace, { workspaceId }, bench.as(who))).workspace?.role;
  const members = async (who = bob) => {
    const { items } = await bench.bus.call(listMembers, { workspaceId }, bench.as(who));
    return items.map(({ userId, roles }) => [userId, roles]);
  };
  const told = async (type: string) => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const found = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.${type}`, { live: false }));
    return found.map(({ payload, actor }) => [actor.id, JSON.parse(new TextDecoder().decode(payload)) as unknown]);
  };
  const notOffered = { code: 'workspaces.transfer_not_offered', refusal: 'conflict' };

  it('is offered by its owner, and taken by the member; who owned it stays as an editor', async () => {
    expect(await transfer(bobs)).toMatchObject({ role: 'owner', transfer: { memberId: bobs } });
    expect([await roleOf(ada), await roleOf(bob)]).toEqual(['owner', 'viewer']);
    const taken = await transfer(bobs, bob);
    expect([taken?.role, taken?.transfer]).toEqual(['owner', undefined]);
    expect([await roleOf(ada), await roleOf(bob)]).toEqual(['editor', 'owner']);
    expect(await members()).toEqual([
      ['ada', ['editor']],
      ['bob', ['viewer']],
    ]);
    expect(await told('transfers.offered')).toEqual([['ada', { member: bobs }]]);
    expect(await told('transferred')).toEqual([['bob', { from: 'ada', to: 'bob' }]]);
    await expect(transfer(bobs, bob)).rejects.toMatchObject(notOffered);
  });

  it('comes back to who had it, with the roles that each has as a member', async () => {
    await transfer(bobs);
    await transfer(bobs, bob);
    const { items } = await bench.bus.call(listMembers, { workspaceId }, bench.as(bob));
    const adas = items.find(({ userId }) => userId === 'ada')?.id ?? '';
    await transfer(adas, bob);
    await transfer(adas);
    expect([await roleOf(ada), await roleOf(bob)]).toEqual(['owner', 'viewer']);
    expect(await members(ada)).toHaveLength(2);
  });

  it('is offered to one at a time; the same again says nothing new, and the offer can be taken back', async () => {
    const carols = await invite('carol', ['viewer']);
    await transfer(bobs);
    await transfer(bobs);
    await transfer(carols);
    await expect(transfer(bobs, bob)).rejects.toMatchObject(notOffered);
    expect((await transfer(''))?.transfer).toBeUndefined();
    await transfer('');
    await expect(transfer(carols, carol)).rejects.toMatchObject(notOffered);
    expect([await told('transfers.offered'), await told('transfers.withdrawn')]).toEqual([
      [
        ['ada', { member: bobs }],
        ['ada', { member: carols }],
      ],
      [['ada', { member: carols }]],
    ]);
    expect(await told('transferred')).toEqual([]);
  });

  it('is taken within a week, by who is still a member', async () => {
    await transfer(bobs);
    interruptions.ahead = WEEK;
    await expect(transfer(bobs, bob)).rejects.toMatchObject(notOffered);
    await transfer(bobs);
    await bench.bus.call(removeMember, { workspaceId, memberId: bobs, ifMatch: '*' }, bench.as(ada));
    await expect(transfer(bobs, bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    const carols = await invite('carol', ['viewer'], {
      expiresAt: { seconds: BigInt(Math.ceil((Date.now() + 2 * WEEK) / 1000)), nanos: 0 },
    });
    await transfer(carols);
    interruptions.ahead = 3 * WEEK;
    await expect(transfer(carols, carol)).rejects.toMatchObject({ code: 'workspaces.not_found' });
  });

  it('is given away by its owner alone, whatever others may do in it, and by admins of the platform', async () => {
    const carols = await invite('carol', ['owner']);
    await expect(transfer(carols, bob)).rejects.toMatchObject({ code: 'workspaces.manage_denied' });
    await expect(transfer(carols, carol)).rejects.toMatchObject(notOffered);
    await expect(transfer(bobs, carol)).rejects.toMatchObject({ code: 'workspaces.transfer_denied', refusal: 'forbidden' });
    await expect(transfer('mem_nobody')).rejects.toMatchObject({ code: 'workspaces.member_not_found' });
    await expect(transfer(bobs, person('mallory'))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await transfer(carols, admin);
    await transfer(carols, carol);
    expect(await roleOf(carol)).toBe('owner');
  });

  it('is nobody else’s member to offer', async () => {
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Other ${made}` }, bench.as(carol));
    const other = { workspaceId: workspace?.id ?? '', memberId: bobs, ifMatch: '*' };
    await expect(bench.bus.call(transferWorkspace, other, bench.as(carol))).rejects.toMatchObject({ code: 'workspaces.member_not_found' });
  });

  it('changes hands while it stands still, and stands still afterwards', async () => {
    await bench.bus.call(suspendWorkspace, { workspaceId, suspended: true, reason: 'Winter.' }, bench.as(ada));
    await transfer(bobs);
    expect(await transfer(bobs, bob)).toMatchObject({ state: 'suspended', suspensionReason: 'Winter.', role: 'owner' });
  });

  it('is taken once when the member says so twice at once, and not when the offer is taken back meanwhile', async () => {
    await transfer(bobs);
    interruptions.before('members', 'insert', () => transfer(bobs, bob));
    await expect(transfer(bobs, bob)).rejects.toMatchObject(notOffered);
    expect(await told('transferred')).toHaveLength(1);
    expect(await members()).toHaveLength(2);
    const carols =
      (await bench.bus.call(inviteMember, { workspaceId, userId: 'carol', roles: ['viewer'] }, bench.as(bob))).member?.id ?? '';
    await transfer(carols, bob);
    interruptions.before('workspaces', 'update', () => transfer('', bob));
    await expect(transfer(carols, carol)).rejects.toMatchObject(notOffered);
    expect(await roleOf(bob)).toBe('owner');
  });

  it('leaves keys of who owned it with what is left to their maker, and tells who holds on to them', async () => {
    const { key } = await bench.bus.call(KeysService.method.createKey, { workspaceId, name: 'ci', role: 'owner' }, bench.as(ada));
    await transfer(bobs);
    await transfer(bobs, bob);
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const changes = bench.platform.eventLog.read('first', `${workspaceId}.workspaces.keys.changed`, { live: true });
    for await (const { subject, actor } of changes) {
      expect([subject, actor.id]).toEqual([`key/${key?.id ?? ''}`, 'workspaces']);
      break;
    }
    const asKey = { kind: 'key', id: key?.id ?? '', roles: [], workspace: workspaceId } as const;
    const update = { workspaceId, name: 'Mine', ifMatch: '*' };
    await expect(bench.bus.call(WorkspacesService.method.updateWorkspace, update, bench.as(asKey))).rejects.toMatchObject({
      code: 'workspaces.update_denied',
    });
  });

  it('does not change hands when the store fails', async () => {
    await transfer(bobs);
    interruptions.fail('members', 'insert');
    await expect(transfer(bobs, bob)).rejects.toThrow();
    expect(await roleOf(ada)).toBe('owner');
    await transfer(bobs, bob);
    expect(await roleOf(bob)).toBe('owner');
  });
});
