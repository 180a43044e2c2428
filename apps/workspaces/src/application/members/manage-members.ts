import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type Clock, type Ids, type Page } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { memberMissing, placesOf, type Member } from '../../domain/members';
import type { Conditions } from '../../domain/draft';
import type { Access, Entered } from '../access';
import { expectedRevision } from '../expected-revision';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import { demandOwned } from '../rights/manage-roles';
import { isRole, roleInvalid, rulesOf } from '../rights/role-book';
import { preconditionOf } from '../update-workspace';

/** A member by the workspace (id or slug) and its own id. */
export interface MemberName {
  readonly workspace: string;
  readonly id: string;
}

/** What is said of a member. Times are milliseconds since 1970. */
export interface SaidMember {
  readonly user?: string;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly expiresAt?: number;
}

export interface ManageMembersParts {
  readonly members: Collection<Member>;
  readonly access: Access;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

export type { Member } from '../../domain/members';

const MOST_MEMBERS = 1_000;

/** Lets people into a workspace, and out. */
export class ManageMembers {
  constructor(private readonly parts: ManageMembersParts) {}

  /** Those that came last first. */
  async list(context: CallContext, name: string, limit: number, cursor: string): Promise<Page<Stored<Member>>> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'members');
    return this.parts.members.page({
      ...{ where: { workspace: workspace.id }, by: 'created', direction: 'descending', limit },
      ...(cursor === '' ? {} : { cursor }),
    });
  }

  /** Refuses whom the workspace knows already (`workspaces.member_taken`), and roles that say more than the caller may. */
  async invite(context: CallContext, name: string, said: SaidMember): Promise<Stored<Member>> {
    const { members, clock, ids } = this.parts;
    const entered = await this.parts.access.require(context, name, 'manage', 'members');
    this.demandRoles(said.roles, entered);
    await this.demandRoom(entered.workspace.id);
    const made = {
      ...said,
      id: ids.mint('mem'),
      workspaceId: entered.workspace.id,
      invitedBy: context.principal.id,
      createdAt: clock.now(),
    };
    return members.insert(made, [this.tell(context, made, said.user === undefined ? 'invited' : 'joined')]).catch((error: unknown) => {
      throw isTaken(error) ? memberTaken() : error;
    });
  }

  async update(
    context: CallContext,
    { workspace: name, id }: MemberName,
    said: Partial<Pick<Member, 'roles' | 'expiresAt'>>,
    conditions: Conditions,
  ): Promise<Stored<Member>> {
    const entered = await this.parts.access.require(context, name, 'manage', 'members');
    const { document: before } = await this.find(entered.workspace.id, id);
    this.demandRoles(said.roles ?? [], entered);
    demandOwned(rulesOf(entered.standing.book, before.roles), entered);
    const change = (document: Member) => {
      const next = { ...document, ...said };
      return { document: next, events: [this.tell(context, next, 'changed')] };
    };
    await this.parts.members.update(id, change, expectedRevision(conditions)).catch((error: unknown) => {
      throw preconditionOf(error);
    });
    return this.parts.members.get(id);
  }

  /** Whoever it is may leave; another one needs the right to manage members, and all that the member may. */
  async remove(context: CallContext, { workspace: name, id }: MemberName): Promise<void> {
    const entered = await this.parts.access.enter(context, name);
    const { document } = await this.find(entered.workspace.id, id);
    const places = placesOf(entered.workspace.id, context.principal);
    const self = (await Promise.all(places.map((place) => this.parts.members.findBy('place', place)))).some(
      (own) => own?.document.id === id,
    );
    if (!self) {
      await this.parts.access.require(context, name, 'manage', 'members');
      demandOwned(rulesOf(entered.standing.book, document.roles), entered);
    }
    await this.parts.members.update(id, (member) => ({ document: null, events: [this.tell(context, member, 'left')] }));
  }

  private async find(workspaceId: string, id: string): Promise<Stored<Member>> {
    const stored = await this.parts.members.find(id);
    if (stored?.document.workspaceId !== workspaceId) throw memberMissing(id);
    return stored;
  }

  /** Roles that exist, and say nothing the caller may not do. */
  private demandRoles(roles: readonly string[], entered: Entered): void {
    const { book } = entered.standing;
    for (const [index, role] of roles.entries()) {
      if (!isRole(book, role)) throw roleInvalid(`/roles/${index}`, `There is no role "${role}" in this workspace.`);
    }
    demandOwned(rulesOf(book, roles), entered);
  }

  private async demandRoom(workspaceId: string): Promise<void> {
    let cursor: string | undefined;
    let count = 0;
    do {
      const page = await this.parts.members.page({
        where: { workspace: workspaceId },
        limit: 200,
        ...(cursor === undefined ? {} : { cursor }),
      });
      count += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    if (count >= MOST_MEMBERS) throw tooManyMembers();
  }

  private tell(
    context: CallContext,
    { id, workspaceId, user = '', roles }: Member,
    what: 'invited' | 'joined' | 'changed' | 'left',
  ): NewEvent {
    const payload = { member: id, roles: [...roles], ...(user === '' ? {} : { user }) };
    return this.parts.facts.of(context, { workspaceId, type: `workspaces.members.${what}`, payload, subject: `member/${id}` });
  }
}

function memberTaken(): DomainError {
  return new DomainError('workspaces.member_taken', 'conflict', 'They are a member already, or invited. Change their roles instead.');
}

function tooManyMembers(): DomainError {
  return new DomainError('workspaces.too_many_members', 'exhausted', `A workspace has at most ${MOST_MEMBERS} members.`);
}
