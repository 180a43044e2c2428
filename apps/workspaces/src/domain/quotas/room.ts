import { DomainError } from '@millrace/kernel';

/** Who may make workspaces, and how many there may be. */
export interface Room {
  /** `everyone`: each person; `admins`: whoever has the role `platform-admin`. */
  readonly createdBy: 'everyone' | 'admins';
  /** Workspaces that one person may own, those that are being filled among them; deleted ones are none of them. */
  readonly owned: number;
  /** Workspaces of the platform; deleted ones are none of them, or one person could take all places by making and deleting. */
  readonly all: number;
}

/** Refuses a person who may not make workspaces. */
export function demandCreator({ createdBy }: Room, roles: readonly string[]): void {
  if (createdBy === 'everyone' || roles.includes('platform-admin')) return;
  throw new DomainError(
    'workspaces.create_denied',
    'forbidden',
    'On this platform only its admins create workspaces (platform-admin). Ask one of them for yours.',
  );
}

/** Refuses one more workspace of a person who owns so many. */
export function demandOwnable({ owned }: Room, owns: number): void {
  if (owns < owned) return;
  throw new DomainError(
    'workspaces.quota_reached',
    'exhausted',
    `A person owns at most ${owned} workspaces. Delete one first, give one to somebody else, or ask an operator of the platform for more.`,
    { facts: { quota: 'workspaces-owned', limit: owned } },
  );
}

/** Refuses one more workspace where there are so many. */
export function demandSpace({ all }: Room, there: number): void {
  if (there < all) return;
  throw new DomainError(
    'workspaces.quota_reached',
    'exhausted',
    `The platform has at most ${all} workspaces, and as many are there. Ask an operator of the platform for more.`,
    { facts: { quota: 'platform-workspaces', limit: all } },
  );
}

/** Refuses one more app where there are so many. */
export function demandAppSpace(most: number, there: number): void {
  if (there < most) return;
  throw new DomainError(
    'apps.quota_reached',
    'exhausted',
    `The platform has at most ${most} apps, and as many are there. Publish a version of an app that is there, or ask an operator of the platform for more.`,
    { facts: { quota: 'platform-apps', limit: most } },
  );
}
