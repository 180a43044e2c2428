import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { LifeService, MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { acceptInvitation, inviteMember, listMembers, removeMember, updateMember } = MembersService.method;
const { createWorkspace, getWorkspace, listWorkspaces } = WorkspacesService.method;
const { explainAccess, putRole } = RightsService.method;
const WEEK = 604_800_000;

describe('an invitation by e-mail', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  let count = 0;
  const ada = person('ada');
  const bob: Principal = { ...person('bob'), email: 'Bob@hotel.example', verified: true };
  const gone = { code: 'workspaces.invitation_not_found', refusal: 'not-found' };

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  beforeEach(async () => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Hotel ${count}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const invited = async (said: object = {}, by: Principal = ada) => {
    const { member } = await bench.bus.call(
      inviteMember,
      { workspaceId, email: 'bob@HOTEL.example', roles: ['viewer'], ...said },
      bench.as(by),
    );
    return { id: member?.id ?? '', token: member?.invitation ?? '', until: member?.invitedUntil, state: member?.state };
  };
  const accept = (token: string, by: Principal = bob) => bench.bus.call(acceptInvitation, { token }, bench.as(by));
  const listed = async (where = '') => {
    const { items } = await bench.bus.call(listMembers, { workspaceId, where }, bench.as(ada));
    return items.map(({ userId, state, roles }) => [userId, state, ...roles]);
  };
  const told = async () => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.members.>`, { live: false }));
    return events.map(({ type, payload }) => `${type.slice('workspaces.members.'.length)} ${Buffer.from(payload).toString()}`);
  };

  it('is accepted once, by who has the address, and makes them a member', async () => {
    const before = Date.now();
    const { id, token, until, state } = await invited();
    expect(state).toBe('invited');
    expect(until === undefined ? 0 : timestampMs(until)).toBeGreaterThanOrEqual(before + WEEK);
    expect(await listed("state = 'invited'")).toEqual([['', 'invited', 'viewer']]);
    expect(await accept(token)).toMatchObject({
      workspaceId,
      slug: expect.any(String),
      member: { id, userId: 'bob', state: 'active', invitation: '' },
    });
    await expect(accept(token)).rejects.toMatchObject(gone);
    expect(await listed()).toEqual([['bob', 'active', 'viewer']]);
    expect((await bench.bus.call(getWorkspace, { workspaceId }, bench.as({ ...bob, email: 'b@new.example' }))).workspace?.role).toBe(
      'viewer',
    );
  });

  it('is told without the address and without what it is accepted with', async () => {
    const { token } = await invited();
    await accept(token);
    const events = await told();
    expect(events.map((event) => event.split(' ')[0])).toEqual(['invited', 'joined']);
    for (const event of events) expect(event.includes('@') || event.includes(token.slice(-20))).toBe(false);
    expect(JSON.stringify((await bench.bus.call(listMembers, { workspaceId }, bench.as(ada))).items[0]?.invitation)).toBe('""');
  });

  it('is nobody else’s, and not of who has not verified the address, nor of a token of theirs', async () => {
    const { token } = await invited();
    const not = { code: 'workspaces.invitation_not_yours', refusal: 'forbidden' };
    await expect(accept(token, { ...bob, verified: false })).rejects.toMatchObject(not);
    await expect(accept(token, { ...person('eve'), email: 'eve@hotel.example', verified: true })).rejects.toMatchObject(not);
    await expect(accept(token, { ...bob, scopes: ['*:*'] })).rejects.toMatchObject(not);
    await expect(accept(token, { kind: 'key', id: 'key_1', roles: [], email: 'bob@hotel.example', verified: true })).rejects.toMatchObject(
      not,
    );
    await expect(bench.bus.call(getWorkspace, { workspaceId }, bench.as({ ...bob, verified: false }))).rejects.toMatchObject({
      refusal: 'not-found',
    });
  });

  it('is not found when it was forged, changed or taken back', async () => {
    const { id, token } = await invited();
    const other = (await invited({ email: 'eve@hotel.example' })).token;
    const forged = [`x${token}`, token.slice(0, -1), 'x', `${token.split('.')[0] ?? ''}.${other.split('.').slice(1).join('.')}`];
    for (const each of forged) await expect(accept(each)).rejects.toMatchObject(gone);
    await bench.bus.call(removeMember, { workspaceId, memberId: id, ifMatch: '*' }, bench.as(ada));
    await expect(accept(token)).rejects.toMatchObject(gone);
  });

  it('is bound to whoever signs in with the address first, and to nobody else afterwards', async () => {
    const { token } = await invited();
    const { items } = await bench.bus.call(listWorkspaces, {}, bench.as(bob));
    expect(items.map(({ id, role }) => [id, role])).toContainEqual([workspaceId, 'viewer']);
    expect(await listed()).toEqual([['bob', 'active', 'viewer']]);
    const other: Principal = { ...bob, id: 'bob-2' };
    await expect(accept(token, other)).rejects.toMatchObject(gone);
    await expect(bench.bus.call(getWorkspace, { workspaceId }, bench.as(other))).rejects.toMatchObject({ refusal: 'not-found' });
    expect(await told()).toHaveLength(2);
  });

  it('is not bound to a person whom somebody only asks about', async () => {
    await invited();
    const asked = { workspaceId, principal: { id: 'bob', email: 'bob@hotel.example', verified: true }, action: 'read', subject: 'runs' };
    expect(await bench.bus.call(explainAccess, asked, bench.as(ada))).toMatchObject({ roles: ['viewer'] });
    expect(await listed()).toEqual([['', 'invited', 'viewer']]);
  });

  it('gives nothing once whoever invited could not give it any more', async () => {
    await bench.bus.call(
      putRole,
      { workspaceId, role: 'lead', inherits: ['viewer'], rules: [{ allow: ['manage'], on: ['members'] }], ifMatch: '' },
      bench.as(ada),
    );
    const { member } = await bench.bus.call(inviteMember, { workspaceId, userId: 'carl', roles: ['lead'] }, bench.as(ada));
    const { token } = await invited({}, person('carl'));
    const demote = (roles: string[]) =>
      bench.bus.call(updateMember, { workspaceId, memberId: member?.id ?? '', roles, ifMatch: '*' }, bench.as(ada));
    await demote(['viewer']);
    await expect(accept(token)).rejects.toMatchObject(gone);
    await expect(bench.bus.call(getWorkspace, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ refusal: 'not-found' });
    await demote(['lead']);
    expect((await accept(token)).member).toMatchObject({ userId: 'bob', roles: ['viewer'] });
  });

  it('is answered for by whoever changed it last', async () => {
    await bench.bus.call(
      putRole,
      { workspaceId, role: 'lead', inherits: ['viewer'], rules: [{ allow: ['manage'], on: ['members'] }], ifMatch: '' },
      bench.as(ada),
    );
    const { member } = await bench.bus.call(inviteMember, { workspaceId, userId: 'carl', roles: ['lead'] }, bench.as(ada));
    const { id, token } = await invited({}, person('carl'));
    await bench.bus.call(updateMember, { workspaceId, memberId: id, roles: ['editor'], ifMatch: '*' }, bench.as(ada));
    await bench.bus.call(removeMember, { workspaceId, memberId: member?.id ?? '', ifMatch: '*' }, bench.as(ada));
    expect((await accept(token)).member).toMatchObject({ roles: ['editor'] });
  });

  it('of somebody with a right by their claims holds as that role says by then', async () => {
    const lead = { allow: ['manage'], on: ['members'] };
    const role = { workspaceId, role: 'lead', inherits: ['viewer'], grants: [{ claim: 'groups', contains: '/lead' }] };
    await bench.bus.call(putRole, { ...role, rules: [lead], ifMatch: '' }, bench.as(ada));
    const { token } = await invited({}, { ...person('carl'), groups: ['/lead'] });
    const { token: second } = await invited({ email: 'dan@hotel.example' }, { ...person('carl'), groups: ['/lead'] });
    await accept(token);
    await bench.bus.call(putRole, { ...role, rules: [], ifMatch: '*' }, bench.as(ada));
    await expect(accept(second, { ...person('dan'), email: 'dan@hotel.example', verified: true })).rejects.toMatchObject(gone);
  });

  it('gives who is a member already the roles of both, unless these end at different times', async () => {
    await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, bench.as(ada));
    const { token } = await invited({ roles: ['viewer', 'operator'] });
    expect((await accept(token)).member).toMatchObject({ userId: 'bob', roles: ['viewer', 'operator'] });
    expect(await listed()).toEqual([['bob', 'active', 'viewer', 'operator']]);
    const end = { seconds: BigInt(Math.floor(Date.now() / 1000) + 3600), nanos: 0 };
    const { token: short } = await invited({ roles: ['editor'], expiresAt: end });
    await expect(accept(short)).rejects.toMatchObject({ code: 'workspaces.member_otherwise', refusal: 'conflict' });
    expect((await bench.bus.call(getWorkspace, { workspaceId }, bench.as(bob))).workspace?.role).toBe('editor');
  });

  it('ends in the time to come, as every membership does', async () => {
    const past = { code: 'workspaces.member_end_past', errors: [expect.objectContaining({ pointer: '/expiresAt' })] };
    const expiresAt = { seconds: 1n, nanos: 0 };
    await expect(invited({ expiresAt })).rejects.toMatchObject(past);
    const { id: memberId } = await invited();
    await expect(bench.bus.call(updateMember, { workspaceId, memberId, expiresAt, ifMatch: '*' }, bench.as(ada))).rejects.toMatchObject(
      past,
    );
  });

  it('is copied with a workspace by whoever may invite to the copy, and each is accepted by itself', async () => {
    const { token } = await invited();
    const copied = { workspaceId, name: 'Copy', with: ['members'] };
    const { workspace } = await bench.bus.call(LifeService.method.duplicateWorkspace, copied, bench.as(ada));
    await accept(token);
    const copies = async () => {
      const { items } = await bench.bus.call(listMembers, { workspaceId: workspace?.id ?? '' }, bench.as(ada));
      return items.map(({ userId, state }) => [userId, state]);
    };
    expect(await copies()).toEqual([['', 'invited']]);
    await bench.bus.call(getWorkspace, { workspaceId: workspace?.id ?? '' }, bench.as(bob));
    expect(await copies()).toEqual([['bob', 'active']]);
  });
});
