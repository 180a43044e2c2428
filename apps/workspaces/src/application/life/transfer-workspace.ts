import type { Collection, Stored } from '@millrace/documents';
import type { Clock, Ids, JsonMap, Principal } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { memberMissing, placeOf, placesOf, rolesOf, type Member } from '../../domain/members';
import { handOver, offer, openOffer, transferRefused, withdraw } from '../../domain/transfer';
import type { Change, Workspace } from '../../domain/workspace';
import { demandDeed, type Access, type Entered } from '../access';
import type { Announce } from '../announce';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import type { WorkspaceRoom } from '../quotas/workspace-room';

export interface TransferWorkspaceParts {
  readonly workspaces: Collection<Workspace>;
  readonly members: Collection<Member>;
  readonly room: WorkspaceRoom;
  readonly access: Access;
  readonly announce: Announce;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What a change tells of. */
interface News {
  readonly next: Workspace;
  readonly type: string;
  readonly payload: JsonMap;
}

/** What who gave a workspace away may go on doing in it, unless they are a member with other roles. */
const AFTERWARDS = 'editor';

/** Makes a workspace somebody else's when both have said so: first its owner, then the member it is offered to. */
export class TransferWorkspace {
  constructor(private readonly parts: TransferWorkspaceParts) {}

  /**
   * The owner names a member, and so offers it; the member names themselves, and so takes it. No name takes the offer back. Also where a
   * workspace is suspended: that is how one without an owner gets another.
   */
  async run(context: CallContext, name: string, memberId: string): Promise<Stored<Workspace>> {
    const entered = await this.parts.access.enter(context, name);
    if (memberId !== '' && (await this.isOwn(context.principal, entered.workspace.id, memberId))) {
      await this.take(context, entered.workspace, memberId);
    } else {
      await this.offer(context, entered, memberId);
    }
    return this.parts.workspaces.get(entered.workspace.id);
  }

  private async offer(context: CallContext, entered: Entered, memberId: string): Promise<void> {
    const { standing, workspace } = entered;
    demandDeed({ ...entered, standing: { ...standing, suspended: false } }, { action: 'manage', subject: 'workspaces' });
    if (memberId !== '') await this.demandMember(workspace.id, memberId);
    if (!mayGive(context.principal, workspace)) throw transferRefused();
    await this.change(context, workspace.id, (document, change) => {
      if (memberId === '') {
        const { transfer } = document;
        if (transfer === undefined) return undefined;
        return { next: withdraw(document, change), type: 'transfers.withdrawn', payload: { member: transfer.member } };
      }
      if (openOffer(document, change.at)?.member === memberId) return undefined;
      return { next: offer(document, memberId, change), type: 'transfers.offered', payload: { member: memberId } };
    });
  }

  /** The former owner is made a member first: a crash in between leaves an owner who is a member, too, and nobody shut out. */
  private async take(context: CallContext, workspace: Workspace, memberId: string): Promise<void> {
    const { announce, clock, room } = this.parts;
    handOver(workspace, memberId, { by: context.principal.id, at: clock.now() });
    await room.demandOwnable(context.principal.id);
    if (workspace.owner !== '') await this.keep(context, workspace);
    await this.change(context, workspace.id, (document, change) => {
      const next = handOver(document, memberId, change);
      return { next, type: 'transferred', payload: { from: document.owner, to: next.owner } };
    });
    await announce.workspace(workspace.id);
  }

  private async keep(context: CallContext, { id: workspaceId, owner: user }: Workspace): Promise<void> {
    const { clock, facts, ids, members } = this.parts;
    if ((await members.findBy('place', placeOf({ workspaceId, user }))) !== undefined) return;
    const id = ids.mint('mem');
    const roles = [AFTERWARDS];
    const member = { id, workspaceId, user, roles, invitedBy: context.principal.id, createdAt: clock.now() };
    const fact = { workspaceId, type: 'workspaces.members.joined', payload: { member: id, roles, user }, subject: `member/${id}` };
    await members.insert(member, [facts.of(context, fact)]).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
  }

  private async change(context: CallContext, id: string, news: (document: Workspace, change: Change) => News | undefined): Promise<void> {
    const { clock, facts, workspaces } = this.parts;
    await workspaces.update(id, (document, revision) => {
      const told = news(document, { by: context.principal.id, at: clock.now() });
      if (told === undefined) return { document, events: [] };
      const { next, type, payload } = told;
      const fact = { workspaceId: id, type: `workspaces.${type}`, payload, subject: `workspace/${id}`, revision: revision + 1 };
      const events: NewEvent[] = [facts.of(context, fact)];
      return { document: next, events };
    });
  }

  /** Whether the caller is this member, and still has what a member has. */
  private async isOwn(principal: Principal, workspaceId: string, memberId: string): Promise<boolean> {
    const { clock, members } = this.parts;
    const own = await Promise.all(placesOf(workspaceId, principal).map((place) => members.findBy('place', place)));
    return own.some((stored) => stored?.document.id === memberId && rolesOf(stored.document, clock.now()).length > 0);
  }

  private async demandMember(workspaceId: string, memberId: string): Promise<void> {
    if ((await this.parts.members.find(memberId))?.document.workspaceId !== workspaceId) throw memberMissing(memberId);
  }
}

function mayGive({ kind, id, roles }: Principal, { owner }: Workspace): boolean {
  return kind === 'user' && (owner === id || roles.includes('platform-admin'));
}
