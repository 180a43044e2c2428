import type { Changed, Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { giveUpFilling, isHidden } from '../../domain/life';
import type { Member } from '../../domain/members';
import { bereave, type Workspace } from '../../domain/workspace';
import type { Announce } from '../announce';
import type { TidyCredentials } from '../credentials/tidy-credentials';
import type { Drafts } from '../drafts';
import type { ImportBook } from '../exchange/import-attempt';
import type { Facts } from '../facts';
import type { TidyShares } from '../sharing/tidy-shares';
import { unlessGone } from '../unless-gone';

export interface ErasePersonParts {
  readonly workspaces: Collection<Workspace>;
  readonly members: Collection<Member>;
  readonly credentials: Pick<TidyCredentials, 'userDeleted'>;
  readonly jobs: Pick<ImportBook, 'forget'>;
  readonly drafts: Pick<Drafts, 'forget'>;
  readonly tidyShares: Pick<TidyShares, 'personGone'>;
  readonly announce: Pick<Announce, 'workspace'>;
  readonly facts: Facts;
  readonly clock: Clock;
}

const PAGE = 200;
const OWNER = 'owner';

/**
 * Erases who has left: memberships, what was shared with them, tokens and keys, that they changed drafts last, and the ownership of workspaces. One with another owner is theirs; one without is
 * suspended, for operators to hand on. Every step may be repeated.
 */
export class ErasePerson {
  constructor(private readonly parts: ErasePersonParts) {}

  /** Answers how many of what. */
  async run(context: CallContext, user: string): Promise<{ memberships: number; shares: number; handedOn: number; suspended: number }> {
    const { credentials, drafts, jobs, tidyShares } = this.parts;
    await credentials.userDeleted(context, user);
    await jobs.forget(user);
    await drafts.forget(user);
    const memberships = await this.endMemberships(context, user);
    const shares = await tidyShares.personGone(context, user);
    await this.giveUpDeleted(user);
    return { memberships, shares, ...(await this.giveUp(context, user)) };
  }

  private async endMemberships(context: CallContext, user: string): Promise<number> {
    const { members, facts } = this.parts;
    let ended = 0;
    for (;;) {
      const { items } = await members.page({ where: { user }, limit: PAGE });
      for (const { document } of items) {
        const { id, workspaceId, roles } = document;
        const fact = {
          workspaceId,
          type: 'workspaces.members.left',
          payload: { member: id, user, roles: [...roles] },
          subject: `member/${id}`,
        };
        await members.update(id, () => ({ document: null, events: [facts.of(context, fact)] }));
        ended += 1;
      }
      if (items.length < PAGE) return ended;
    }
  }

  private async giveUp(context: CallContext, user: string): Promise<{ handedOn: number; suspended: number }> {
    let [handedOn, suspended] = [0, 0];
    for (;;) {
      const { items } = await this.parts.workspaces.page({ where: { owner: user }, limit: PAGE });
      for (const { document } of items) {
        if (await this.bereave(context, document.id)) handedOn += 1;
        else suspended += 1;
      }
      if (items.length < PAGE) return { handedOn, suspended };
    }
  }

  /** What was deleted can be had back, and then is another owner's or nobody's. One that is had back meanwhile is given up as any other; what they are filling goes. */
  private async giveUpDeleted(user: string): Promise<void> {
    const { workspaces, clock } = this.parts;
    for (;;) {
      const { items } = await workspaces.page({ where: { trashed: user }, limit: PAGE });
      for (const { document } of items) {
        const heir = await this.heirOf(document.id);
        const nobodys = (workspace: Workspace): Changed<Workspace> => ({
          document: isHidden(workspace) ? bereave(giveUpFilling(workspace, clock.now()), heir, clock.now()) : workspace,
          events: [],
        });
        await workspaces.update(document.id, nobodys).catch(unlessGone);
      }
      if (items.length < PAGE) return;
    }
  }

  /** Whether somebody else owns the workspace from now on. */
  private async bereave(context: CallContext, id: string): Promise<boolean> {
    const { workspaces, announce, facts, clock } = this.parts;
    const heir = await this.heirOf(id);
    const said =
      heir === undefined
        ? { type: 'workspaces.suspended', payload: { reason: 'owner-left', freezes: ['all'] } }
        : { type: 'workspaces.updated', payload: { changed: ['owner'] } };
    await workspaces.update(id, (workspace, revision) => {
      const fact = { workspaceId: id, subject: `workspace/${id}`, revision: revision + 1, ...said };
      return { document: bereave(workspace, heir, clock.now()), events: [facts.of(context, fact)] };
    });
    await announce.workspace(id);
    return heir !== undefined;
  }

  /** Who has been owner beside the one who left, for the longest. */
  private async heirOf(workspaceId: string): Promise<string | undefined> {
    const { members, clock } = this.parts;
    for await (const { document } of members.each({ where: { workspace: workspaceId }, by: 'created' })) {
      const { user, roles, expiresAt = Infinity } = document;
      if (user !== undefined && roles.includes(OWNER) && expiresAt > clock.now()) return user;
    }
    return undefined;
  }
}
