import { hash, randomBytes } from 'node:crypto';
import { DomainError, type Ids } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import { Erasures } from '../../application/ports/erasures';
import type { Erasure } from '../../domain/leaving/erasure';

const RECEIPT_BYTES = 32;
/** Milliseconds an erasure is kept. */
const YEAR = 365 * 86_400_000;
const LEASE = 'lease';
const SEEN = 'seen';

/** Erasures in the bucket `erasures`: `erasure/<hash of the person>`, `untold/…` while the services do not know, `receipt/<hash>` leads there. */
export class KeyValueErasures extends Erasures {
  private readonly name: string;

  constructor(
    private readonly bucket: Bucket,
    ids: Ids,
  ) {
    super();
    this.name = ids.mint('gwy');
  }

  override async begin(user: string, erasure: Erasure): Promise<boolean> {
    const key = keyOf(user);
    // First that it is to be done: should the second write not happen, who looks finds nothing to do.
    await this.bucket.put(untoldOf(key), encoded(true), { ttl: YEAR });
    return (await this.bucket.putIf(key, encoded(erasure), 0, { ttl: YEAR }).catch(lost)) !== undefined;
  }

  override async receipt(user: string): Promise<string> {
    const receipt = randomBytes(RECEIPT_BYTES).toString('base64url');
    await this.bucket.put(receiptKeyOf(receipt), encoded(keyOf(user)), { ttl: YEAR });
    return receipt;
  }

  override async byReceipt(receipt: string): Promise<Erasure | undefined> {
    const key = await this.read<string>(receiptKeyOf(receipt));
    return key === undefined ? undefined : this.read<Erasure>(key);
  }

  override async change(user: string, change: (erasure: Erasure) => Erasure): Promise<Erasure | undefined> {
    const key = keyOf(user);
    for (;;) {
      const entry = await this.bucket.get(key);
      if (entry === undefined) return undefined;
      const before = decoded<Erasure>(entry.value);
      const after = change(before);
      if (after !== before && (await this.bucket.putIf(key, encoded(after), entry.revision, { ttl: YEAR }).catch(lost)) === undefined)
        continue;
      if (after.announcedAt !== undefined) await this.bucket.delete(untoldOf(key));
      return after;
    }
  }

  override async untold(): Promise<readonly Erasure[]> {
    const entries = await this.bucket.list(untoldOf(''));
    const found = await Promise.all(entries.map(({ key }) => this.read<Erasure>(key.slice(untoldOf('').length))));
    return found.filter((erasure) => erasure !== undefined && erasure.announcedAt === undefined) as Erasure[];
  }

  override async lease(life: number): Promise<boolean> {
    const entry = await this.bucket.get(LEASE);
    if (entry !== undefined && decoded<string>(entry.value) !== this.name) return false;
    return (await this.bucket.putIf(LEASE, encoded(this.name), entry?.revision ?? 0, { ttl: life }).catch(lost)) !== undefined;
  }

  override async seenUntil(): Promise<number | undefined> {
    return this.read<number>(SEEN);
  }

  override async setSeenUntil(time: number): Promise<void> {
    await this.bucket.put(SEEN, encoded(time));
  }

  private async read<T>(key: string): Promise<T | undefined> {
    const entry = await this.bucket.get(key);
    return entry && decoded<T>(entry.value);
  }
}

function keyOf(user: string): string {
  return `erasure/${digest(user)}`;
}

function untoldOf(key: string): string {
  return `untold/${key}`;
}

function receiptKeyOf(receipt: string): string {
  return `receipt/${digest(receipt)}`;
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}

function encoded(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decoded<T>(value: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(value)) as T;
}

/** Somebody else was first. */
function lost(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
  throw error;
}
