import { DomainError } from '@millrace/kernel';

interface Reach {
  readonly on: readonly string[];
  readonly where?: string;
  readonly fields?: readonly string[];
  readonly reason?: string;
}

/** One sentence of what a key may do. */
export type KeyRule = Reach & ({ readonly allow: readonly string[] } | { readonly deny: readonly string[] });

/** What a key may do by itself: what a role may, or what its rules say. */
export type KeyRights = { readonly role: string } | { readonly rules: readonly KeyRule[] };

/** Who made a key. It never may more than they may. */
export interface Maker {
  readonly kind: 'user' | 'key';
  readonly id: string;
}

/** A text that proves the key, by its digest. `endsAt`: it was rotated away and works until then. */
interface Secret {
  readonly digest: string;
  readonly endsAt?: number;
}

/** A credential of a program in one workspace. Times are milliseconds since 1970. */
export interface ApiKey {
  readonly id: string;
  readonly workspaceId: string;
  /** Its place among the keys of the workspace, 1 to `MOST_KEYS`. */
  readonly slot: number;
  readonly name: string;
  readonly rights: KeyRights;
  readonly maker: Maker;
  /** The newest first; at most two. */
  readonly secrets: readonly Secret[];
  /** Networks it may be used from; none: from anywhere. */
  readonly addresses: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly rotatedAt?: number;
  /** `2026-01-31` */
  readonly lastUsedOn?: string;
  /** Who changed or rotated it last, and when; absent: nobody did. */
  readonly updatedBy?: string;
  readonly updatedAt?: number;
}

/** What may be changed of a key; a missing field stays as it is. */
export interface KeyChanges {
  readonly name?: string;
  readonly rights?: KeyRights;
  readonly addresses?: readonly string[];
  readonly expiresAt?: number;
}

export const MOST_KEYS = 100;

/** The key with the changes, and the names of the fields that are not what they were. */
export function changeKey(key: ApiKey, changes: KeyChanges): { readonly key: ApiKey; readonly changed: readonly string[] } {
  const fields = ['name', 'rights', 'addresses', 'expiresAt'] as const;
  const changed = fields.filter((field) => changes[field] !== undefined && JSON.stringify(changes[field]) !== JSON.stringify(key[field]));
  return changed.length === 0 ? { key, changed } : { key: { ...key, ...changes }, changed };
}

/** Gives the key a new secret; the one before works for `overlap` milliseconds more, one older than that no longer. */
export function rotateKey(key: ApiKey, digest: string, overlap: number, now: number): ApiKey {
  const [before] = key.secrets;
  const kept = before === undefined || overlap === 0 ? [] : [{ digest: before.digest, endsAt: now + overlap }];
  return { ...key, secrets: [{ digest }, ...kept], rotatedAt: now };
}

/** Until when a text of this digest proves the key; undefined: it proves nothing. */
export function provenUntil({ secrets, expiresAt }: ApiKey, digest: string): number | undefined {
  const secret = secrets.find((each) => each.digest === digest);
  return secret === undefined ? undefined : Math.min(expiresAt, secret.endsAt ?? Number.POSITIVE_INFINITY);
}

export function keyMissing(id: string): DomainError {
  return new DomainError('keys.not_found', 'not-found', `There is no key "${id}" in this workspace. GET its keys to see those there are.`, {
    facts: { key: id },
  });
}

export function tooManyKeys(): DomainError {
  return new DomainError('keys.too_many', 'exhausted', `A workspace has at most ${MOST_KEYS} keys. Revoke those that nobody uses.`, {
    facts: { limit: MOST_KEYS },
  });
}
