import { DomainError, type Principal } from '@millrace/kernel';
import { isOpen, type Invitation } from './invitation';

/** Somebody who has roles in a workspace: a user, or whoever proves the e-mail address. Times are milliseconds since 1970. */
export interface Member {
  readonly id: string;
  readonly workspaceId: string;
  /** Id of the user; absent: whoever has the e-mail address, verified, and is invited. */
  readonly user?: string;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly invitedBy: string;
  readonly createdAt: number;
  /** From then on the roles are gone. */
  readonly expiresAt?: number;
  /** Until it is known who they are. */
  readonly invitation?: Invitation;
  /** Who changed it last, and when; absent: it is as it was made. */
  readonly updatedBy?: string;
  readonly updatedAt?: number;
}

/** Where a workspace keeps a member it knows as a user, or by e-mail address: at most one each. */
export function placeOf({ workspaceId, user, email }: Pick<Member, 'workspaceId' | 'user' | 'email'>): string {
  return user === undefined ? `${workspaceId} email ${(email ?? '').toLowerCase()}` : `${workspaceId} user ${user}`;
}

/** Where a caller's memberships may be kept: as the user they are, and by the e-mail address that was verified. */
export function placesOf(workspaceId: string, { kind, id, email, verified }: Principal): readonly string[] {
  if (kind !== 'user') return [];
  const byUser = placeOf({ workspaceId, user: id });
  return email === undefined || verified !== true ? [byUser] : [byUser, placeOf({ workspaceId, email })];
}

/** The roles a member has at a time: none when their membership, or the time they had to take it, is over. */
export function rolesOf(member: Member, now: number): readonly string[] {
  const { roles, expiresAt, user } = member;
  const isThere = user !== undefined || isOpen(member, now);
  return isThere && (expiresAt === undefined || expiresAt > now) ? roles : [];
}

/** The member with more roles; the same one when it has them all. */
export function withRoles(member: Member, more: readonly string[]): Member {
  const roles = [...new Set([...member.roles, ...more])];
  return roles.length === member.roles.length ? member : { ...member, roles };
}

/** Refuses a membership that would be over as it begins. */
export function demandTime({ expiresAt }: Pick<Partial<Member>, 'expiresAt'>, now: number): void {
  if (expiresAt === undefined || expiresAt > now) return;
  const detail = 'The end of the membership is past. Give a time that is to come.';
  throw new DomainError('workspaces.member_end_past', 'invalid', detail, { errors: [{ pointer: '/expiresAt', code: 'past', detail }] });
}

/** There is no such member in this workspace. */
export function memberMissing(id: string): DomainError {
  return new DomainError('workspaces.member_not_found', 'not-found', `There is no member "${id}" in this workspace.`, {
    facts: { member: id },
  });
}
