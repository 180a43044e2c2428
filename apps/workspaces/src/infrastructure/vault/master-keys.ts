import { hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '@millrace/kernel';
import type { Bucket, KeyValue } from '@millrace/messaging';

const BYTES = 32;
const NAME = 'master';

/** A key from which all others come or by which they are sealed. */
export interface MasterKey {
  /** Tells keys apart, and nothing of the key. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * The keys of the installation: the one that operators gave, else one made at the first start and kept in key-value, where only this service
 * reads it. What was sealed before they gave one opens still.
 */
export class MasterKeys {
  private constructor(
    /** Seals. */
    readonly current: MasterKey,
    private readonly others: readonly MasterKey[],
  ) {}

  static async open(keyValue: KeyValue, given: Uint8Array | undefined): Promise<MasterKeys> {
    const bucket = await keyValue.bucket('vault');
    if (given === undefined) return new MasterKeys(masterKey(await madeKey(bucket)), []);
    const made = await bucket.get(NAME);
    return new MasterKeys(masterKey(given), made === undefined ? [] : [masterKey(made.value)]);
  }

  find(id: string): MasterKey | undefined {
    return [this.current, ...this.others].find((key) => key.id === id);
  }

  /** A key for one purpose; the same purpose, the same key. */
  derive(purpose: string): Uint8Array {
    return derived(this.current.bytes, purpose);
  }
}

function masterKey(bytes: Uint8Array): MasterKey {
  return { id: Buffer.from(derived(bytes, 'id')).toString('hex', 0, 8), bytes };
}

function derived(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `millrace ${purpose}`, BYTES));
}

/** Of two instances that make a key at once, the first one's is everybody's. */
async function madeKey(bucket: Bucket): Promise<Uint8Array> {
  const known = await bucket.get(NAME);
  if (known !== undefined) return known.value;
  const made = randomBytes(BYTES);
  try {
    await bucket.putIf(NAME, made, 0);
    return made;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict') throw error;
    return madeKey(bucket);
  }
}
