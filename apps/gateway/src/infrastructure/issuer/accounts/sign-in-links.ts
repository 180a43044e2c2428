import { randomBytes } from 'node:crypto';
import type { Bucket } from '@millrace/messaging';
import { DomainError } from '@millrace/kernel';
import { digest } from '../provider/digest';

const HOUR = 3_600_000;

/** Tokens that sign one person in once, without a password. Only their hashes are kept, for an hour. */
export class SignInLinks {
  constructor(private readonly bucket: Bucket) {}

  async mint(accountId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.bucket.put(keyOf(token), new TextEncoder().encode(accountId), { ttl: HOUR });
    return token;
  }

  /** Whose token it is, for the first who asks; undefined afterwards. */
  async redeem(token: string): Promise<string | undefined> {
    const entry = await this.bucket.get(keyOf(token));
    if (entry === undefined) return undefined;
    try {
      await this.bucket.delete(entry.key, entry.revision);
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'conflict') return undefined;
      throw error;
    }
    return new TextDecoder().decode(entry.value);
  }
}

function keyOf(token: string): string {
  return `sign-in-link/${digest(token)}`;
}
