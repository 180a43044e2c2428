import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { GatewayService, MembersService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const { acceptInvitation, inviteMember, listMembers } = MembersService.method;
const { createWorkspace, getWorkspace } = WorkspacesService.method;

describe('people who are invited by e-mail, through the public door', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let bob: MillraceClient;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    [ada, bob] = await Promise.all([millrace.as('ada'), millrace.as('bob')]);
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const items = async (asked: JsonMap) => {
    const answer = await ada.call(listMembers, asked);
    return { shown: answer['items'] as readonly JsonMap[], next: answer['nextCursor'] };
  };

  it('say yes once, and are members; they are found, sorted and paged among the others', async () => {
    const { id } = await ada.call(createWorkspace, { name: 'Invited' });
    const workspaceId = id as string;
    const { id: bobs, email } = await bob.call(GatewayService.method.getMe);
    await expect(bob.call(getWorkspace, { workspaceId })).rejects.toMatchObject({ status: 404 });
    const invited = await ada.call(inviteMember, { workspaceId, email: email as string, roles: ['viewer'] });
    const token = invited['invitation'] as string;
    await ada.call(inviteMember, { workspaceId, email: 'zoe@hotel.example', roles: ['viewer'] });
    await expect(ada.call(acceptInvitation, { token })).rejects.toMatchObject({ status: 403, code: 'workspaces.invitation_not_yours' });
    expect(await bob.call(acceptInvitation, { token })).toMatchObject({
      workspaceId,
      slug: 'invited',
      member: { userId: bobs, state: 'active' },
    });
    await expect(bob.call(acceptInvitation, { token })).rejects.toMatchObject({ status: 404, code: 'workspaces.invitation_not_found' });
    expect(await bob.call(getWorkspace, { workspaceId })).toMatchObject({ role: 'viewer' });
    expect((await items({ workspaceId, where: "state = 'invited'" })).shown).toMatchObject([{ email: 'zoe@hotel.example' }]);
    const first = await items({ workspaceId, sort: '-email', limit: 1 });
    const second = await items({ workspaceId, sort: '-email', limit: 1, cursor: first.next as string });
    expect([...first.shown, ...second.shown].map((member) => member['email'])).toEqual(['zoe@hotel.example', email]);
    const other = { workspaceId, sort: 'email', limit: 1, cursor: first.next as string };
    await expect(items(other)).rejects.toMatchObject({ status: 400, code: 'api.cursor_invalid' });
    await expect(items({ workspaceId, where: 'shoe = 1' })).rejects.toMatchObject({ status: 422, code: 'lists.filter_invalid' });
  });

  it('are members as soon as they come with the address that was invited', async () => {
    const { id } = await ada.call(createWorkspace, { name: 'Came along' });
    const workspaceId = id as string;
    const { id: bobs, email } = await bob.call(GatewayService.method.getMe);
    await ada.call(inviteMember, { workspaceId, email: (email as string).toUpperCase(), roles: ['operator'] });
    expect(await bob.call(getWorkspace, { workspaceId })).toMatchObject({ role: 'operator' });
    expect((await items({ workspaceId })).shown).toMatchObject([{ userId: bobs, state: 'active' }]);
  });
});
