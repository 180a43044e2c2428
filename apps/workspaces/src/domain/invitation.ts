import { DomainError, type Principal, type PrincipalKind } from '@millrace/kernel';
import type { Member } from './members';

/** Who invited: as much of them as says later whether they could still do so. */
export interface Inviter {
  readonly kind: PrincipalKind;
  readonly id: string;
  /** Their roles on the platform. */
  readonly platform: readonly string[];
  /** The workspace's roles that their claims gave them: what they claim now nobody can ask. */
  readonly claimed: readonly string[];
}

/** That somebody who proves an e-mail address may become a member. Times are milliseconds since 1970. */
export interface Invitation {
  readonly until: number;
  readonly inviter: Inviter;
}

/** What the token of an invitation says; only this installation can. */
export interface InvitationClaims {
  readonly member: string;
  readonly until: number;
}

const A_WEEK = 604_800_000;

/** An invitation as it is made at a time. */
export function invitationOf(by: Principal, claimed: readonly string[], now: number): Invitation {
  return { until: now + A_WEEK, inviter: inviterOf(by, claimed) };
}

/** Who answers for an invitation. `claimed`: the workspace's roles that their claims give them. */
export function inviterOf({ kind, id, roles }: Principal, claimed: readonly string[]): Inviter {
  return { kind, id, platform: [...roles], claimed: [...claimed] };
}

/** Whether nobody has taken it yet, and its time is not over. Who was invited before invitations ended is so for good. */
export function isOpen({ user, invitation }: Member, now: number): boolean {
  return user === undefined && (invitation === undefined || invitation.until > now);
}

/** Whether the caller is who was invited: signed in themselves, with this address, and it was verified. */
export function isInvited({ email }: Member, caller: Principal): boolean {
  const proven = caller.kind === 'user' && caller.scopes === undefined && caller.verified === true;
  return proven && email !== undefined && caller.email?.toLowerCase() === email.toLowerCase();
}

/** The member from the moment on that it is known who they are. */
export function boundTo({ invitation: _, ...member }: Member, user: string): Member {
  return { ...member, user };
}

/** What is signed of an invitation. */
export function invitationText({ member, until }: InvitationClaims): string {
  return `${member}.${until.toString(36)}`;
}

/** Reads what `invitationText` wrote. */
export function readInvitation(text: string): InvitationClaims | undefined {
  if (!/^mem_[0-9a-z]{26}\.[0-9a-z]{1,11}$/.test(text)) return undefined;
  const [member, end] = text.split('.') as [string, string];
  return { member, until: Number.parseInt(end, 36) };
}

/** The invitation leads nowhere. Why is nobody's business: it may be another's by now. */
export function invitationGone(): DomainError {
  return new DomainError(
    'workspaces.invitation_not_found',
    'not-found',
    'This invitation leads nowhere: it was accepted, has ended or was taken back. Ask whoever invited you for another.',
  );
}

export function invitationNotYours(): DomainError {
  return new DomainError(
    'workspaces.invitation_not_yours',
    'forbidden',
    'This invitation is for another e-mail address, or yours is not verified yet. Sign in with the address it was sent to, and verify that.',
  );
}

/** Their membership and what they are invited to end at different times: one cannot become the other. */
export function memberOtherwise(): DomainError {
  return new DomainError(
    'workspaces.member_otherwise',
    'conflict',
    'You are a member already, until another time than this invitation says. Ask whoever invited you to change your roles instead.',
  );
}
