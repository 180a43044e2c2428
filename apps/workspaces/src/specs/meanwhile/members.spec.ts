import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { MEMBERS } from '../../infrastructure/collections';
import { workspacesService } from '../../index';

const { inviteMember, listMembers, updateMember } = MembersService.method;
const { checkAccess, deleteRole, putRole } = RightsService.method;

describe('members and roles, many of them and when the store fails', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let workspaceId: string;
  let count = 0;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    workspaceId = await create();
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    count += 1;
    const wish = { name: 'Members', slug: `members-${count}` };
    return (await bench.bus.call(WorkspacesService.method.createWorkspace, wish, bench.as(ada))).workspace?.id ?? '';
  };
  const invite = (userId: string, roles: string[] = ['viewer']) =>
    bench.bus.call(inviteMember, { workspaceId, userId, roles }, bench.as(ada));
  const check = async (by: Principal, action: string, subject: string) => {
    const checks = [{ workspace: workspaceId, action, subject, id: '' }];
    return (await bench.bus.call(checkAccess, { checks }, bench.as(by))).results[0];
  };

  it('are listed, whoever came last first, page by page', async () => {
    const made: string[] = [];
    for (const user of ['u1', 'u2', 'u3']) made.push((await invite(user)).member?.id ?? '');
    const first = await bench.bus.call(listMembers, { workspaceId, limit: 2 }, bench.as(ada));
    const second = await bench.bus.call(listMembers, { workspaceId, limit: 2, cursor: first.nextCursor }, bench.as(ada));
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, '']);
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(made.sort());
  });

  it('have roles that there are, and are of one workspace', async () => {
    await expect(invite('bob', ['viewer', 'king'])).rejects.toMatchObject({
      code: 'workspaces.role_invalid',
      errors: [{ pointer: '/roles/1' }],
    });
    const { member } = await invite('bob');
    const elsewhere = { workspaceId: await create(), memberId: member?.id ?? '', roles: ['owner'], ifMatch: '*' };
    await expect(bench.bus.call(updateMember, elsewhere, bench.as(ada))).rejects.toMatchObject({ code: 'workspaces.member_not_found' });
  });

  it('get an end and keep their roles until then', async () => {
    const memberId = (await invite('bob')).member?.id ?? '';
    const endIn = (milliseconds: number) =>
      bench.bus.call(
        updateMember,
        { workspaceId, memberId, expiresAt: timestampFromMs(bench.platform.clock.now() + milliseconds), ifMatch: '*' },
        bench.as(ada),
      );
    expect((await endIn(60_000)).member).toMatchObject({ roles: ['viewer'], etag: '2' });
    expect((await check(bob, 'read', 'runs'))?.allowed).toBe(true);
    interruptions.ahead = 60_001;
    expect((await check(bob, 'read', 'runs'))?.allowed).toBe(false);
    interruptions.ahead = 0;
  });

  it('are at most a thousand', async () => {
    const members = await bench.services[0]?.parts.documents.collection(MEMBERS);
    for (let index = 0; index < 1_000; index += 1) {
      await members?.insert({
        ...{ id: bench.platform.ids.mint('mem'), workspaceId, user: `user-${index}`, roles: [], invitedBy: 'ada', createdAt: index },
      });
    }
    await expect(invite('bob')).rejects.toMatchObject({ code: 'workspaces.too_many_members', refusal: 'exhausted' });
  });

  it('are told why a rule denies what another one allows', async () => {
    await invite('bob', ['operator']);
    const put = (rules: object[]) => bench.bus.call(putRole, { workspaceId, role: 'everyone', rules, ifMatch: '*' }, bench.as(ada));
    await bench.bus.call(putRole, { workspaceId, role: 'everyone', rules: [], ifNoneMatch: '*' }, bench.as(ada));
    await put([{ deny: ['cancel'], on: ['runs'], reason: 'Night shift only.' }]);
    expect(await check(bob, 'cancel', 'runs')).toMatchObject({ allowed: false, reason: 'Night shift only.' });
    await put([{ deny: ['cancel'], on: ['runs'] }]);
    expect(await check(bob, 'cancel', 'runs')).toMatchObject({ allowed: false, reason: 'A rule denies it.' });
  });

  it('do without no role that every workspace has', async () => {
    await expect(bench.bus.call(deleteRole, { workspaceId, role: 'viewer', ifMatch: '*' }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.role_invalid',
    });
    expect((await check(ada, 'read', 'runs'))?.allowed).toBe(true);
  });

  it('are neither invited already nor without rights when the store fails', async () => {
    interruptions.fail('members', 'insert');
    await expect(invite('bob')).rejects.toThrow(RemoteFault);
    interruptions.fail('workspaces', 'find');
    await expect(check(ada, 'read', 'runs')).rejects.toThrow(RemoteFault);
    expect((await invite('bob')).member?.etag).toBe('1');
  });
});
