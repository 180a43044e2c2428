import { excessOf, Permission, PLATFORM_ROLES, type Rule, type Standing } from '@millrace/auth';
import type { Collection } from '@millrace/documents';
import type { Clock, Principal } from '@millrace/kernel';
import { placesOf, rolesOf, type Member } from '../../domain/members';
import { endOfShare, waitsUntil, type Share } from '../../domain/sharing/share';
import type { Inviter } from '../../domain/invitation';
import type { Workspace } from '../../domain/workspace';
import type { KeyRules } from '../credentials/key-rules';
import type { HeldShares } from '../sharing/held-shares';
import { ruleOfShare } from '../sharing/share-rule';
import { firstEnd } from './first-end';
import { claimedRoles, emptyBook, EVERYONE, isRole, rolesReached, rulesOf, type RoleBook } from './role-book';

/** What a principal has in a workspace. */
export interface Place extends Standing {
  /** The workspace's roles it has, beside the one that everyone has. */
  readonly roles: readonly string[];
  /** The workspace's own roles. */
  readonly book: RoleBook;
  /** Those of the roles that claims gave. */
  readonly claimed: readonly string[];
  /** By what invitation it has some of them; absent: by none. */
  readonly invited?: Member;
  /** What is shared with it. */
  readonly shares: readonly Share[];
  /** When something of this ends by itself, milliseconds since 1970; absent: nothing does. */
  readonly until?: number;
}

/** Finds out what principals have in a workspace: from membership, from claims, from the platform, and what everyone has. */
export class Standings {
  constructor(
    private readonly books: Collection<RoleBook>,
    private readonly members: Collection<Member>,
    private readonly shares: Pick<HeldShares, 'of'>,
    private readonly keyRules: KeyRules,
    private readonly clock: Clock,
  ) {}

  /** `claimed`: roles that its claims gave it once, where nobody can ask for these again. */
  async of(workspace: Workspace, principal: Principal, claimed: readonly string[] = []): Promise<Place> {
    const place = await this.membership(workspace, principal, claimed);
    if (principal.kind !== 'key') return place;
    const ofUser = (id: string): Promise<Place> => this.membership(workspace, { kind: 'user', id, roles: [] });
    const { rules, until } = await this.keyRules.of(principal.id, place.book, ofUser);
    return { ...place, rules: [...place.rules, ...rules], ...firstEnd([place.until, until]) };
  }

  /** The workspace's own roles. */
  async book(workspaceId: string): Promise<RoleBook> {
    return (await this.books.find(workspaceId))?.document ?? emptyBook(workspaceId);
  }

  /** Whether whoever invited them could do so now: nobody gives more than they have, nor what they had. */
  async couldInvite(workspace: Workspace, { invitation, roles }: Member): Promise<boolean> {
    return invitation === undefined || this.couldGive(workspace, invitation.inviter, (book) => rulesOf(book, roles));
  }

  private async couldGive(workspace: Workspace, by: Inviter, given: (book: RoleBook) => readonly Rule[]): Promise<boolean> {
    const { kind, id, platform, claimed } = by;
    const standing = { ...(await this.of(workspace, { kind, id, roles: [...platform] }, claimed)), suspended: false };
    return Permission.of(standing, 'manage', 'members').query === true && excessOf(given(standing.book), standing).length === 0;
  }

  private async membership(workspace: Workspace, principal: Principal, before: readonly string[] = []): Promise<Place> {
    const book = await this.book(workspace.id);
    const held = await this.held(workspace, principal);
    const claimed = [...before, ...claimedRoles(book, claimsOf(principal))];
    const given = held.flatMap(({ roles }) => roles);
    const owned = principal.kind === 'user' && workspace.owner === principal.id ? ['owner'] : [];
    const roles = [...new Set([...owned, ...given, ...claimed])];
    const invited = held.find(({ user }) => user === undefined);
    const shares = await this.shared(workspace, principal, book, [...roles, EVERYONE]);
    return {
      ...{ principal, roles, book, claimed, shares, workspaceId: workspace.id, now: this.clock.now(), owner: roles.includes('owner') },
      suspended: workspace.state === 'suspended',
      rules: [...rulesOf(book, [...roles, EVERYONE]), ...platformRules(principal), ...shares.map(ruleOfShare)],
      ...(invited === undefined ? {} : { invited }),
      ...firstEnd([...held.map(({ expiresAt }) => expiresAt), ...shares.map(endOfShare)]),
    };
  }

  /** What is shared with it. What waits for its e-mail address gives nothing while whoever shared it could not share it now. */
  private async shared(workspace: Workspace, principal: Principal, book: RoleBook, roles: readonly string[]): Promise<readonly Share[]> {
    const there = rolesReached(book, roles).filter((role) => isRole(book, role));
    const shares = await this.shares.of(workspace.id, principal, there);
    const couldShare = async (share: Share): Promise<boolean> =>
      waitsUntil(share) === undefined || this.couldGive(workspace, share.sharer, () => [ruleOfShare(share)]);
    const holding = await Promise.all(shares.map(couldShare));
    return shares.filter((_, index) => holding[index]);
  }

  /** What it is a member by now: as the user it is, or by an invitation that still holds. */
  private async held(workspace: Workspace, principal: Principal): Promise<readonly Member[]> {
    const found = await Promise.all(placesOf(workspace.id, principal).map((place) => this.members.findBy('place', place)));
    const living = found.flatMap((stored) =>
      stored !== undefined && rolesOf(stored.document, this.clock.now()).length > 0 ? [stored.document] : [],
    );
    const holding = await Promise.all(living.map((member) => this.couldInvite(workspace, member)));
    return living.filter((_, index) => holding[index]);
  }
}

/** What roles may be given by. An e-mail address counts when it was verified. */
function claimsOf({ kind, groups, email, verified, claims }: Principal) {
  if (kind !== 'user') return {};
  return {
    ...claims,
    groups: groups === undefined ? null : [...groups],
    email: email === undefined || verified !== true ? null : email,
  };
}

/** What the platform's roles may do in every workspace; only people have them. */
function platformRules({ kind, roles }: Principal): readonly Rule[] {
  if (kind !== 'user') return [];
  return roles.flatMap((name) => {
    const rules = Object.hasOwn(PLATFORM_ROLES, name) ? PLATFORM_ROLES[name] : undefined;
    return (rules ?? []).map((rule) => ({ ...rule, role: name }));
  });
}
