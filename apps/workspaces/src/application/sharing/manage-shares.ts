import type { Collection, Stored } from '@millrace/documents';
import { DomainError, isId, type AskedPage, type Clock, type Ids, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { inviterOf } from '../../domain/invitation';
import {
  demandShareable,
  isPast,
  shareInvalid,
  shareMissing,
  type Grantee,
  type Share,
  type SharedObject,
} from '../../domain/sharing/share';
import type { Access } from '../access';
import { allOf } from './all-of';
import type { Facts } from '../facts';
import type { FileAccess } from '../files/file-access';
import type { ReadAutomations } from '../read-automations';
import { demandOwned } from '../rights/manage-roles';
import { isRole, roleInvalid, type RoleBook } from '../rights/role-book';
import { shareFact } from './share-fact';
import { ruleOfShare } from './share-rule';

export { waitsUntil } from '../../domain/sharing/share';
export type { Share } from '../../domain/sharing/share';

/** What is said of a share. */
export interface SaidShare extends SharedObject, Grantee {
  readonly actions: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

export interface ManageSharesParts {
  readonly shares: Collection<Share>;
  readonly access: Access;
  readonly automations: Pick<ReadAutomations, 'get'>;
  readonly fileAccess: Pick<FileAccess, 'require'>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

export const MOST_SHARES = 500;

/** Lets people do something with one object of a workspace, without being members of it. */
export class ManageShares {
  constructor(private readonly parts: ManageSharesParts) {}

  /** Those that hold, the last that was made first. */
  async list(context: CallContext, name: string, { limit, cursor }: AskedPage): Promise<Page<Stored<Share>>> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'members');
    const page = await this.parts.shares.page({
      ...{ where: { workspace: workspace.id }, by: 'created', direction: 'descending', limit },
      ...(cursor === '' ? {} : { cursor }),
    });
    return { ...page, items: page.items.filter(({ document }) => !isPast(document, this.parts.clock.now())) };
  }

  /**
   * Refuses what the caller may not do to every such object themselves (`roles.manage_exceeded`), an object that they do not see, and more
   * shares than a workspace may have (`workspaces.quota_reached`).
   */
  async create(context: CallContext, name: string, said: SaidShare): Promise<Stored<Share>> {
    const { access, shares, facts, clock, ids } = this.parts;
    const entered = await access.require(context, name, 'manage', 'members');
    const { workspace, standing } = entered;
    demandShareable(said, clock.now());
    demandRole(standing.book, said.role);
    await this.demandThere(context, workspace.id, said);
    const share: Share = {
      ...{ ...said, id: ids.mint('shr'), workspaceId: workspace.id, createdAt: clock.now() },
      sharer: inviterOf(context.principal, standing.claimed),
    };
    demandOwned([ruleOfShare(share)], entered);
    await this.demandRoom(workspace.id);
    return shares.insert(share, [facts.of(context, shareFact(share, 'created'))]);
  }

  async delete(context: CallContext, name: string, id: string): Promise<void> {
    const { access, shares, facts } = this.parts;
    const { workspace } = await access.require(context, name, 'manage', 'members');
    const stored = await shares.find(id);
    if (stored?.document.workspaceId !== workspace.id) throw shareMissing(id);
    await shares.update(id, (share) => ({ document: null, events: [facts.of(context, shareFact(share, 'deleted'))] }));
  }

  /** The object is there, and the caller sees it. Runs are not known here: a share of one that is not there gives nothing. */
  private async demandThere(context: CallContext, workspaceId: string, { subject, object }: SharedObject): Promise<void> {
    switch (subject) {
      case 'automations':
        await this.parts.automations.get(context, workspaceId, object);
        return;
      case 'files':
        await this.parts.fileAccess.require(context, workspaceId, object, 'read');
        return;
      case 'runs':
        if (!isId('run', object)) throw shareInvalid('/object', 'This is no id of a run.');
    }
  }

  private async demandRoom(workspaceId: string): Promise<void> {
    const there = await allOf(this.parts.shares, { workspace: workspaceId });
    if (there.filter((share) => !isPast(share, this.parts.clock.now())).length >= MOST_SHARES) throw tooManyShares();
  }
}

function demandRole(book: RoleBook, role: string | undefined): void {
  if (role !== undefined && !isRole(book, role)) throw roleInvalid('/role', `There is no role "${role}" in this workspace.`);
}

function tooManyShares(): DomainError {
  return new DomainError(
    'workspaces.quota_reached',
    'exhausted',
    `A workspace has at most ${MOST_SHARES} shares. Take some back first, or give people a role instead.`,
    { facts: { quota: 'shares', limit: MOST_SHARES } },
  );
}
