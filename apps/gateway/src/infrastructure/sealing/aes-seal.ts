import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import { Seal } from '../../application/ports/seal';

const ALGORITHM = 'aes-256-gcm';
const KEY_NAME = 'key';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM, the binding as data that is authenticated but not carried. */
export class AesSeal extends Seal {
  private constructor(private readonly key: Uint8Array) {
    super();
  }

  /** Opens with the key that all gateways share, kept in this bucket as `key`; makes it when there is none yet. */
  static async open(bucket: Bucket): Promise<AesSeal> {
    return new AesSeal(await sharedKey(bucket));
  }

  /** A seal that opens only for who knows the secret: its key is derived from this one's and the secret. */
  with(secret: string): AesSeal {
    return new AesSeal(new Uint8Array(hkdfSync('sha256', secret, this.key, 'millrace seal', KEY_BYTES)));
  }

  override seal(text: string, binding: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(binding));
    const sealed = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]).toString('base64url');
  }

  override open(sealed: string, binding: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(binding)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }
}

/** Of two gateways that make a key at once, the first one's is everybody's. */
async function sharedKey(bucket: Bucket): Promise<Uint8Array> {
  const known = await bucket.get(KEY_NAME);
  if (known !== undefined) return known.value;
  const made = randomBytes(KEY_BYTES);
  try {
    await bucket.putIf(KEY_NAME, made, 0);
    return made;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict') throw error;
    return sharedKey(bucket);
  }
}
