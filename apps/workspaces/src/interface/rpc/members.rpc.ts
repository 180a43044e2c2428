import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  MembersService,
  type InviteMemberRequest,
  type ListMembersRequest,
  type MemberSchema,
  type RemoveMemberRequest,
  type UpdateMemberRequest,
} from '@millrace/contracts';
import type { Stored } from '@millrace/documents';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ManageMembers, type Member } from '../../application/members/manage-members';
import { limitOf } from './limit';

const { method } = MembersService;

/** The calls on who belongs to a workspace. */
@Controller()
export class MembersRpc {
  constructor(@Inject(ManageMembers) private readonly members: ManageMembers) {}

  @Rpc(method.listMembers)
  async list({ workspaceId, limit, cursor }: ListMembersRequest, context: CallContext) {
    const { items, nextCursor = '' } = await this.members.list(context, workspaceId, limitOf(limit), cursor);
    return { items: items.map(memberMessage), nextCursor };
  }

  @Rpc(method.inviteMember)
  async invite({ workspaceId, userId, email, roles, expiresAt }: InviteMemberRequest, context: CallContext) {
    const whom = userId === '' ? { email } : { user: userId };
    return { member: memberMessage(await this.members.invite(context, workspaceId, { ...whom, roles, ...endOf(expiresAt) })) };
  }

  @Rpc(method.updateMember)
  async update({ workspaceId, memberId, roles, expiresAt, ifMatch }: UpdateMemberRequest, context: CallContext) {
    const said = { ...(roles.length === 0 ? {} : { roles }), ...endOf(expiresAt) };
    return { member: memberMessage(await this.members.update(context, { workspace: workspaceId, id: memberId }, said, { ifMatch })) };
  }

  @Rpc(method.removeMember)
  async remove({ workspaceId, memberId }: RemoveMemberRequest, context: CallContext) {
    await this.members.remove(context, { workspace: workspaceId, id: memberId });
    return {};
  }
}

function memberMessage({ document, revision }: Stored<Member>): MessageInitShape<typeof MemberSchema> {
  const { id, user = '', email = '', roles, invitedBy, createdAt, expiresAt } = document;
  return {
    ...{ id, userId: user, email, invitedBy, roles: [...roles] },
    createdAt: timestampFromMs(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: timestampFromMs(expiresAt) }),
    etag: String(revision),
  };
}

function endOf(time: Timestamp | undefined): { readonly expiresAt?: number } {
  return time === undefined ? {} : { expiresAt: timestampMs(time) };
}
