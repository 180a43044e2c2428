import type { Bucket, KeyValue, Watch } from '@millrace/messaging';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import { ALGORITHM } from './own-key';

const BUCKET = 'identity';

interface Published {
  readonly value: Uint8Array;
  key?: Promise<CryptoKey | undefined>;
}

/**
 * The public keys of all services, as KeyValue holds them under `<service>.<thumbprint>`. Only the service itself may write there. A key
 * that is deleted or runs out of time is forgotten at once.
 */
export class PublishedKeys {
  private readonly published = new Map<string, Published>();

  private watch?: Watch;

  private constructor(private readonly bucket: Bucket) {}

  static async open(keyValue: KeyValue): Promise<PublishedKeys> {
    const keys = new PublishedKeys(await keyValue.bucket(BUCKET));
    keys.watch = await keys.bucket.watch('', ({ key, value }) => {
      if (value === undefined) keys.published.delete(key);
      else keys.published.set(key, { value });
    });
    return keys;
  }

  /** Whether the key is known here without asking the store. */
  has(kid: string): boolean {
    return this.published.has(kid);
  }

  /** The key; undefined when nobody published one. One that was published a moment ago is found before the watch tells of it. */
  async find(kid: string): Promise<CryptoKey | undefined> {
    const known = this.published.get(kid);
    if (known !== undefined) return (known.key ??= imported(known.value));
    const entry = await this.bucket.get(kid);
    return entry === undefined ? undefined : imported(entry.value);
  }

  /** Puts a key there for `lifetime` milliseconds. */
  async publish(kid: string, key: JWK, lifetime: number): Promise<void> {
    await this.bucket.put(kid, new TextEncoder().encode(JSON.stringify(key)), { ttl: lifetime });
  }

  async close(): Promise<void> {
    await this.watch?.stop();
  }
}

/** What is no key is no key of anybody: undefined. */
async function imported(value: Uint8Array): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK(JSON.parse(new TextDecoder().decode(value)) as JWK, ALGORITHM);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}
