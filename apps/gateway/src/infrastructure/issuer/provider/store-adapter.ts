import type { Bucket, Entry } from '@millrace/messaging';
import { DomainError, type Clock } from '@millrace/kernel';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { digest } from './digest';

/** Models whose tokens fall with the grant they came from. */
const GRANTED: readonly string[] = ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'];

/** Models that a person's sign-ins are made of. */
const PERSONAL: readonly string[] = ['Session', 'Grant'];

/**
 * One model of the provider in KeyValue. Keys are hashes of ids, since an id of a code or a refresh token is the secret itself, and the
 * id is left out of what is stored. Codes and refresh tokens are used once: of two at the same time, one is refused.
 */
export class StoreAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly bucket: Bucket,
    private readonly clock: Clock,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const options = expiresIn === undefined ? {} : { ttl: expiresIn * 1000 };
    const { jti: _, ...rest } = payload;
    await this.bucket.put(this.keyOf(id), encoded(rest), options);
    if (payload.uid !== undefined) await this.bucket.put(indexOf('uid', payload.uid), encoded(id), options);
    if (payload.userCode !== undefined) await this.bucket.put(indexOf('user-code', payload.userCode), encoded(id), options);
    if (payload.grantId !== undefined && GRANTED.includes(this.model)) {
      await this.bucket.put(`${grantPrefix(digest(payload.grantId))}${this.keyOf(id)}`, encoded(true), options);
    }
    if (payload.accountId !== undefined && PERSONAL.includes(this.model)) {
      await this.bucket.put(`${accountPrefix(payload.accountId)}${this.keyOf(id)}`, encoded(true), options);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = await this.bucket.get(this.keyOf(id));
    return entry === undefined ? undefined : { ...decoded<AdapterPayload>(entry), jti: id };
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.findBy(indexOf('uid', uid));
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.findBy(indexOf('user-code', userCode));
  }

  async consume(id: string): Promise<void> {
    const entry = await this.bucket.get(this.keyOf(id));
    if (entry === undefined) throw usedMeanwhile();
    const payload = decoded<AdapterPayload>(entry);
    if (payload.consumed !== undefined) throw usedMeanwhile();
    const now = Math.floor(this.clock.now() / 1000);
    const options = payload.exp === undefined ? {} : { ttl: Math.max(1, payload.exp - now) * 1000 };
    await this.bucket.putIf(entry.key, encoded({ ...payload, consumed: now }), entry.revision, options).catch((error: unknown) => {
      throw error instanceof DomainError && error.refusal === 'conflict' ? usedMeanwhile() : error;
    });
  }

  async destroy(id: string): Promise<void> {
    await this.bucket.delete(this.keyOf(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const prefix = grantPrefix(digest(grantId));
    for (const { key } of await this.bucket.list(prefix)) {
      await this.bucket.delete(key.slice(prefix.length));
      await this.bucket.delete(key);
    }
  }

  private async findBy(index: string): Promise<AdapterPayload | undefined> {
    const entry = await this.bucket.get(index);
    return entry === undefined ? undefined : this.find(decoded<string>(entry));
  }

  private keyOf(id: string): string {
    return `${this.model}/${digest(id)}`;
  }
}

function indexOf(name: string, value: string): string {
  return `${name}/${digest(value)}`;
}

/** Below it are the keys of what came of a grant; `grant`: the digest of its id. */
export function grantPrefix(grant: string): string {
  return `grant/${grant}/`;
}

/** Below it are the keys of a person's sessions and grants. */
export function accountPrefix(accountId: string): string {
  return `account/${digest(accountId)}/`;
}

function usedMeanwhile(): Error {
  return new errors.InvalidGrant('used meanwhile');
}

function encoded(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decoded<T>({ value }: Entry): T {
  return JSON.parse(new TextDecoder().decode(value)) as T;
}
