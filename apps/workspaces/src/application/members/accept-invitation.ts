import type { Stored } from '@millrace/documents';
import type { CallContext } from '@millrace/messaging';
import { invitationGone, invitationNotYours, isInvited, memberOtherwise } from '../../domain/invitation';
import type { Member } from '../../domain/members';
import type { Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import type { Standings } from '../rights/standings';
import type { Invitations } from './invitations';

export interface Accepted {
  readonly member: Stored<Member>;
  readonly workspace: Workspace;
}

/** Makes a member of whoever was invited and says yes. */
export class AcceptInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly access: Pick<Access, 'find'>,
    private readonly standings: Pick<Standings, 'couldInvite'>,
  ) {}

  /**
   * Refuses with `workspaces.invitation_not_found` what was accepted, is over, or was given by somebody who could not give it any more, and
   * with `workspaces.invitation_not_yours` whoever has not proven the address.
   */
  async run(context: CallContext, token: string): Promise<Accepted> {
    const invited = await this.invitations.find(token);
    if (!isInvited(invited, context.principal)) throw invitationNotYours();
    const stored = await this.access.find(invited.workspaceId);
    if (stored === undefined || !(await this.standings.couldInvite(stored.document, invited))) throw invitationGone();
    const member = await this.invitations.bind(context, invited);
    if (member === undefined) throw memberOtherwise();
    return { member, workspace: stored.document };
  }
}
