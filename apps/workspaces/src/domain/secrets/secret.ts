import { DomainError } from '@millrace/kernel';

/** A secret of a workspace, its value sealed. Times are milliseconds since 1970. */
export interface Secret {
  readonly workspaceId: string;
  readonly name: string;
  readonly description: string;
  /** 1 when first set, one more each time it is set again. */
  readonly version: number;
  /** The value, sealed for this workspace, name and version: elsewhere it opens nothing. */
  readonly sealed: string;
  readonly setBy: string;
  readonly setAt: number;
  /** When a value was last handed out, to the day. */
  readonly usedAt?: number;
}

/** What a value is sealed for. */
export type SecretPlace = Pick<Secret, 'workspaceId' | 'name' | 'version'>;

export const MOST_SECRETS = 500;
export const LONGEST_VALUE = 65_536;
const RESERVED = 'MILLRACE_';
const DAY = 86_400_000;

export function secretId({ workspaceId, name }: Pick<Secret, 'workspaceId' | 'name'>): string {
  return `${workspaceId}/${name}`;
}

/** The name, if it may be that of a secret; its form was checked. */
export function freeName(name: string): string {
  if (!name.startsWith(RESERVED)) return name;
  throw new DomainError('workspaces.secret_name_reserved', 'invalid', `Names that begin with ${RESERVED} are ours. Choose another one.`, {
    errors: [{ pointer: '/name', code: 'reserved', detail: 'Choose another name.' }],
  });
}

/** The secret as it is once a value was handed out; the same within a day. */
export function used(secret: Secret, now: number): Secret {
  const day = now - (now % DAY);
  return secret.usedAt === day ? secret : { ...secret, usedAt: day };
}

export function secretMissing(name: string): DomainError {
  return new DomainError('workspaces.secret_not_found', 'not-found', `There is no secret "${name}".`, { facts: { secret: name } });
}

export function tooManySecrets(): DomainError {
  return new DomainError('workspaces.quota_reached', 'exhausted', `A workspace holds at most ${MOST_SECRETS} secrets. Delete some first.`);
}

export function secretTooLarge(): DomainError {
  return new DomainError('workspaces.secret_too_large', 'invalid', `A secret has at most ${LONGEST_VALUE} bytes.`, {
    errors: [{ pointer: '/value', code: 'too_large', detail: `Send at most ${LONGEST_VALUE} bytes.` }],
  });
}

/** What stands there is not as the caller knows it, or the caller does not say. `secret`: what there is. */
export function secretChanged(name: string, secret: Secret | undefined): DomainError {
  const now = secret === undefined ? 'is not there' : `is at version ${secret.version}, set by ${secret.setBy}`;
  const facts = secret === undefined ? {} : { etag: String(secret.version), updatedBy: secret.setBy, updatedAt: secret.setAt };
  return new DomainError(
    'workspaces.precondition_failed',
    'conflict',
    `The secret "${name}" ${now}. Look at it again and repeat the change.`,
    { facts },
  );
}

export function secretGuarded(name: string): DomainError {
  return new DomainError(
    'workspaces.precondition_required',
    'conflict',
    `The secret "${name}" exists. Send If-Match with its ETag to change it, or If-Match: * to overwrite whatever is there.`,
  );
}
