import { PLATFORM_ROLES, type Rule, type Standing } from '@millrace/auth';
import type { Collection } from '@millrace/documents';
import type { Clock, Principal } from '@millrace/kernel';
import { placesOf, rolesOf, type Member } from '../../domain/members';
import type { Workspace } from '../../domain/workspace';
import type { KeyRules } from '../credentials/key-rules';
import { claimedRoles, emptyBook, EVERYONE, rulesOf, type RoleBook } from './role-book';

/** What a principal has in a workspace. */
export interface Place extends Standing {
  /** The workspace's roles it has, beside the one that everyone has. */
  readonly roles: readonly string[];
  /** The workspace's own roles. */
  readonly book: RoleBook;
}

/** Finds out what principals have in a workspace: from membership, from claims, from the platform, and what everyone has. */
export class Standings {
  constructor(
    private readonly books: Collection<RoleBook>,
    private readonly members: Collection<Member>,
    private readonly keyRules: KeyRules,
    private readonly clock: Clock,
  ) {}

  async of(workspace: Workspace, principal: Principal): Promise<Place> {
    const place = await this.membership(workspace, principal);
    if (principal.kind !== 'key') return place;
    const userRules = async (id: string) => (await this.membership(workspace, { kind: 'user', id, roles: [] })).rules;
    return { ...place, rules: [...place.rules, ...(await this.keyRules.of(principal.id, place.book, userRules))] };
  }

  /** The workspace's own roles. */
  async book(workspaceId: string): Promise<RoleBook> {
    return (await this.books.find(workspaceId))?.document ?? emptyBook(workspaceId);
  }

  private async membership(workspace: Workspace, principal: Principal): Promise<Place> {
    const book = await this.book(workspace.id);
    const roles = [...new Set([...(await this.memberRoles(workspace, principal)), ...claimedRoles(book, claimsOf(principal))])];
    return {
      ...{ principal, roles, book, workspaceId: workspace.id, now: this.clock.now(), owner: roles.includes('owner') },
      suspended: workspace.state === 'suspended',
      rules: [...rulesOf(book, [...roles, EVERYONE]), ...platformRules(principal)],
    };
  }

  private async memberRoles(workspace: Workspace, principal: Principal): Promise<readonly string[]> {
    const found = await Promise.all(placesOf(workspace.id, principal).map((place) => this.members.findBy('place', place)));
    const roles = found.flatMap((stored) => (stored === undefined ? [] : rolesOf(stored.document, this.clock.now())));
    return principal.kind === 'user' && workspace.owner === principal.id ? ['owner', ...roles] : roles;
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
