import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { GatewayService, LifeService, MembersService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const { transferWorkspace } = LifeService.method;
const { createWorkspace, getWorkspace, deleteWorkspace } = WorkspacesService.method;

describe('a workspace that changes hands, through the public door', () => {
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

  it('is offered, taken, and then the new owner’s to delete', async () => {
    const { id } = await bob.call(createWorkspace, { name: 'Handed on' });
    const workspaceId = id as string;
    const { id: adas } = await ada.call(GatewayService.method.getMe);
    const { id: member } = await bob.call(MembersService.method.inviteMember, { workspaceId, userId: adas as string, roles: ['viewer'] });
    const asked = { workspaceId, memberId: member as string };
    await expect(ada.call(transferWorkspace, asked)).rejects.toMatchObject({ status: 409, code: 'workspaces.transfer_not_offered' });
    expect(((await bob.call(transferWorkspace, asked))['transfer'] as JsonMap)['memberId']).toBe(member);
    expect(await ada.call(transferWorkspace, asked)).toMatchObject({ role: 'owner' });
    expect(await bob.call(getWorkspace, { workspaceId })).toMatchObject({ role: 'editor' });
    await expect(bob.call(deleteWorkspace, { workspaceId, ifMatch: '*' })).rejects.toMatchObject({ status: 403 });
    await ada.call(deleteWorkspace, { workspaceId, ifMatch: '*' });
  });
});
