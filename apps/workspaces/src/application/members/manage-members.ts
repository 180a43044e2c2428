import type { Rule } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type AskedPage, type Clock, type Ids, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { invitationOf, inviterOf } from '../../domain/invitation';
import { demandTime, memberMissing, placesOf, type Member } from '../../domain/members';
import type { Conditions, Revised } from '../../domain/draft';
import type { Access, Entered } from '../access';
import { knownOnly } from '../expected-revision';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import { demandOwned } from '../rights/manage-roles';
import { isRole, roleInvalid, rulesOf } from '../rights/role-book';
import type { TidyShares } from '../sharing/tidy-shares';
import { memberFact } from './member-fact';

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
  readonly tidyShares: Pick<TidyShares, 'holderGone'>;
  readonly access: Access;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

export type { Member } from '../../domain/members';

export const MOST_MEMBERS = 1_000;

/** Lets people into a workspace, and out. */
export class ManageMembers {
  constructor(private readonly parts: ManageMembersParts) {}

  /** Those that came last first. */
  async list(context: CallContext, name: string, { limit, cursor }: AskedPage): Promise<Page<Stored<Member>>> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'members');
    return this.parts.members.page({
      ...{ where: { workspace: workspace.id }, by: 'created', direction: 'descending', limit },
      ...(cursor === '' ? {} : { cursor }),
    });
  }

  /** Refuses whom the workspace knows already (`workspaces.member_taken`), and roles that say more than the caller may. */
  async invite(context: CallContext, name: string, said: SaidMember): Promise<Stored<Member>> {
    const { members, facts, clock, ids } = this.parts;
    const entered = await this.parts.access.require(context, name, 'manage', 'members');
    this.demandRoles(said.roles, entered);
    demandTime(said, clock.now());
    await this.demandRoom(entered.workspace.id);
    const { principal } = context;
    const made = {
      ...said,
      id: ids.mint('mem'),
      workspaceId: entered.workspace.id,
      invitedBy: principal.id,
      createdAt: clock.now(),
      ...(said.user === undefined ? { invitation: invitationOf(principal, entered.standing.claimed, clock.now()) } : {}),
    };
    const event = facts.of(context, memberFact(made, said.user === undefined ? 'invited' : 'joined'));
    return members.insert(made, [event]).catch((error: unknown) => {
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
    const demand = knownOnly(conditions);
    const { document: before } = await this.find(entered.workspace.id, id);
    const rulesBefore = rulesOf(entered.standing.book, before.roles);
    this.demandRoles(said.roles ?? before.roles, entered, rulesBefore);
    demandOwned(rulesBefore, entered);
    const { members, facts, clock } = this.parts;
    demandTime(said, clock.now());
    const inviter = inviterOf(context.principal, entered.standing.claimed);
    const change = (document: Member, revision: number) => {
      demand(`The member ${id}`, revisedOf(document, revision));
      // Whoever changes an invitation answers for all that it gives.
      const again = document.invitation === undefined ? {} : { invitation: { ...document.invitation, inviter } };
      const next = { ...document, ...said, ...again, updatedBy: context.principal.id, updatedAt: clock.now() };
      return { document: next, events: [facts.of(context, memberFact(next, 'changed'))] };
    };
    await members.update(id, change);
    return members.get(id);
  }

  /**
   * Whoever it is may leave; another one needs the right to manage members, and all that the member may. What was shared with them goes along.
   */
  async remove(context: CallContext, { workspace: name, id }: MemberName, conditions: Conditions): Promise<void> {
    const entered = await this.parts.access.enter(context, name);
    const { document, revision } = await this.find(entered.workspace.id, id);
    const places = placesOf(entered.workspace.id, context.principal);
    const self = (await Promise.all(places.map((place) => this.parts.members.findBy('place', place)))).some(
      (own) => own?.document.id === id,
    );
    if (!self) {
      await this.parts.access.require(context, name, 'manage', 'members');
      demandOwned(rulesOf(entered.standing.book, document.roles), entered);
    }
    const demand = knownOnly(conditions);
    demand(`The member ${id}`, revisedOf(document, revision));
    // Before the member: whoever dies in between is told to remove them again.
    await this.parts.tidyShares.holderGone(context, document, this.parts.clock.now());
    await this.parts.members.update(id, (member, revision) => {
      demand(`The member ${id}`, revisedOf(member, revision));
      return { document: null, events: [this.parts.facts.of(context, memberFact(member, 'left'))] };
    });
  }

  private async find(workspaceId: string, id: string): Promise<Stored<Member>> {
    const stored = await this.parts.members.find(id);
    if (stored?.document.workspaceId !== workspaceId) throw memberMissing(id);
    return stored;
  }

  /** Roles that exist, and say nothing the caller may not do. */
  private demandRoles(roles: readonly string[], entered: Entered, before: readonly Rule[] = []): void {
    const { book } = entered.standing;
    for (const [index, role] of roles.entries()) {
      if (!isRole(book, role)) throw roleInvalid(`/roles/${index}`, `There is no role "${role}" in this workspace.`);
    }
    demandOwned(rulesOf(book, roles), entered, before);
  }

  private async demandRoom(workspaceId: string): Promise<void> {
    let count = 0;
    for await (const _ of this.parts.members.each({ where: { workspace: workspaceId } })) count += 1;
    if (count >= MOST_MEMBERS) throw tooManyMembers();
  }
}

/** At which revision a member is, and who brought it there. */
function revisedOf({ invitedBy, createdAt, updatedBy = invitedBy, updatedAt = createdAt }: Member, revision: number): Revised {
  return { revision, updatedBy, updatedAt };
}

function memberTaken(): DomainError {
  return new DomainError('workspaces.member_taken', 'conflict', 'They are a member already, or invited. Change their roles instead.');
}

function tooManyMembers(): DomainError {
  return new DomainError('workspaces.too_many_members', 'exhausted', `A workspace has at most ${MOST_MEMBERS} members.`);
}
