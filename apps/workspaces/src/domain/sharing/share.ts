import { DomainError, type Principal } from '@millrace/kernel';
import type { Inviter } from '../invitation';
import { placeOf, placesOf } from '../members';

/** What can be shared one by one: what its service looks at object by object. */
export type SharedSubject = 'automations' | 'files' | 'runs';

/** One object of a workspace. */
export interface SharedObject {
  readonly subject: SharedSubject;
  /** An automation's slug, else an id. */
  readonly object: string;
}

/** With whom: exactly one of the three is there, until who has the address has come and is the user. */
export interface Grantee {
  readonly user?: string;
  readonly email?: string;
  /** One of the workspace's, or the one that everyone has. */
  readonly role?: string;
}

/** That somebody may do something with one object. Times are milliseconds since 1970. */
export interface Share extends SharedObject, Grantee {
  readonly id: string;
  readonly workspaceId: string;
  readonly actions: readonly string[];
  readonly sharer: Inviter;
  readonly createdAt: number;
  /** From then on it gives nothing. */
  readonly expiresAt?: number;
}

const A_WEEK = 604_800_000;

/** The field by which rules tell the objects apart, and what can be done with one of them. */
const SUBJECTS: Readonly<Record<SharedSubject, { readonly field: string; readonly actions: readonly string[] }>> = {
  automations: { field: 'slug', actions: ['read', 'update', 'delete', 'execute', 'test'] },
  files: { field: 'id', actions: ['read', 'update', 'delete'] },
  runs: { field: 'id', actions: ['read', 'cancel', 'replay', 'delete'] },
};

/** Refuses what cannot be done with one object of the kind, and an end that is past (`workspaces.share_invalid`). */
export function demandShareable({ subject, actions, expiresAt }: Pick<Share, 'subject' | 'actions' | 'expiresAt'>, now: number): void {
  const { actions: known } = SUBJECTS[subject];
  const unknown = actions.findIndex((action) => !known.includes(action));
  if (unknown !== -1) {
    throw shareInvalid(`/actions/${unknown}`, `What can be done with one of the ${subject} that is shared: ${known.join(', ')}.`);
  }
  if (expiresAt !== undefined && expiresAt <= now)
    throw shareInvalid('/expiresAt', 'The end of the share is past. Give a time that is to come.');
}

/** The field by which objects of a kind are told apart. */
export function fieldOf(subject: SharedSubject): string {
  return SUBJECTS[subject].field;
}

/** Under what a workspace finds the shares of somebody. */
export function holderOf({ workspaceId, role, ...somebody }: Pick<Share, 'workspaceId' | keyof Grantee>): string {
  return role === undefined ? placeOf({ workspaceId, ...somebody }) : `${workspaceId} role ${role}`;
}

/** Under what a caller with these roles has shares. */
export function holdersOf(workspaceId: string, principal: Principal, roles: readonly string[]): readonly string[] {
  return [...placesOf(workspaceId, principal), ...roles.map((role) => holderOf({ workspaceId, role }))];
}

/** Under what a workspace finds the shares of an object. */
export function thingOf({ workspaceId, subject, object }: Pick<Share, 'workspaceId' | keyof SharedObject>): string {
  return `${workspaceId} ${subject} ${object}`;
}

/** Until when it waits for somebody who proves the e-mail address; undefined: it is known whose it is. */
export function waitsUntil({ user, email, createdAt }: Share): number | undefined {
  return user === undefined && email !== undefined ? createdAt + A_WEEK : undefined;
}

/** When it ends by itself; undefined: never. */
export function endOfShare(share: Share): number | undefined {
  const ends = [share.expiresAt, waitsUntil(share)].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Whether its time is over. */
export function isPast(share: Share, now: number): boolean {
  return (endOfShare(share) ?? Infinity) <= now;
}

/** There is no such share in this workspace. */
export function shareMissing(id: string): DomainError {
  return new DomainError('workspaces.share_not_found', 'not-found', `There is no share "${id}" in this workspace.`, {
    facts: { share: id },
  });
}

/** The share says what cannot be. */
export function shareInvalid(pointer: string, detail: string): DomainError {
  return new DomainError('workspaces.share_invalid', 'invalid', detail, { errors: [{ pointer, code: 'share', detail }] });
}
