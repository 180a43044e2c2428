import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  MembersService,
  type AcceptInvitationRequest,
  type InviteMemberRequest,
  type ListMembersRequest,
  type MemberSchema,
  type RemoveMemberRequest,
  type UpdateMemberRequest,
} from '@millrace/contracts';
import type { Stored } from '@millrace/documents';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { AcceptInvitation } from '../../../application/members/accept-invitation';
import { Invitations } from '../../../application/members/invitations';
import { ManageMembers, type Member } from '../../../application/members/manage-members';

const { method } = MembersService;
const MEMBERS = new Listing(method.listMembers);

/** The calls on who belongs to a workspace. */
@Controller()
export class MembersRpc {
  constructor(
    @Inject(ManageMembers) private readonly members: ManageMembers,
    @Inject(AcceptInvitation) private readonly acceptInvitation: AcceptInvitation,
    @Inject(Invitations) private readonly invitations: Invitations,
  ) {}

  @Rpc(method.listMembers)
  list(request: ListMembersRequest, context: CallContext) {
    return MEMBERS.answer(request, (page) => this.members.list(context, request.workspaceId, page), memberMessage);
  }

  @Rpc(method.inviteMember)
  async invite({ workspaceId, userId, email, roles, expiresAt }: InviteMemberRequest, context: CallContext) {
    const whom = userId === '' ? { email } : { user: userId };
    const stored = await this.members.invite(context, workspaceId, { ...whom, roles, ...endOf(expiresAt) });
    return { member: { ...memberMessage(stored), invitation: this.invitations.token(stored.document) } };
  }

  @Rpc(method.acceptInvitation)
  async accept({ token }: AcceptInvitationRequest, context: CallContext) {
    const { member, workspace } = await this.acceptInvitation.run(context, token);
    return { member: memberMessage(member), workspaceId: workspace.id, slug: workspace.slug };
  }

  @Rpc(method.updateMember)
  async update({ workspaceId, memberId, roles, expiresAt, ifMatch }: UpdateMemberRequest, context: CallContext) {
    const said = { ...(roles.length === 0 ? {} : { roles }), ...endOf(expiresAt) };
    return { member: memberMessage(await this.members.update(context, { workspace: workspaceId, id: memberId }, said, { ifMatch })) };
  }

  @Rpc(method.removeMember)
  async remove({ workspaceId, memberId, ifMatch }: RemoveMemberRequest, context: CallContext) {
    await this.members.remove(context, { workspace: workspaceId, id: memberId }, { ifMatch });
    return {};
  }
}

function memberMessage({ document, revision }: Stored<Member>): MessageInitShape<typeof MemberSchema> {
  const { id, user = '', email = '', roles, invitedBy, createdAt, expiresAt, invitation } = document;
  return {
    ...{ id, userId: user, email, invitedBy, roles: [...roles], state: user === '' ? 'invited' : 'active' },
    createdAt: timestampFromMs(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: timestampFromMs(expiresAt) }),
    ...(invitation === undefined ? {} : { invitedUntil: timestampFromMs(invitation.until) }),
    etag: String(revision),
  };
}

function endOf(time: Timestamp | undefined): { readonly expiresAt?: number } {
  return time === undefined ? {} : { expiresAt: timestampMs(time) };
}
