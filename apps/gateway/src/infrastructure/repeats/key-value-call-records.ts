import { createHash } from 'node:crypto';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import { CallRecords, type CallName, type CallRecord, type KeptRecord } from '../../application/ports/call-records';
import type { AesSeal } from '../sealing/aes-seal';

/** Milliseconds a record is kept. */
const LIFE = 86_400_000;
/** What a bucket takes of an answer, sealed. */
const LARGEST = 1_000_000;

/**
 * The records in the bucket `idempotency`, under a digest of the call's name. Answers may hold what is shown only once, so each is sealed
 * with a key made of the caller's own: who has the store alone cannot read it.
 */
export class KeyValueCallRecords extends CallRecords {
  constructor(
    private readonly bucket: Bucket,
    private readonly seal: AesSeal,
  ) {
    super();
  }

  override async find(name: CallName): Promise<KeptRecord | undefined> {
    const entry = await this.bucket.get(entryKey(name));
    if (entry === undefined) return undefined;
    const { answer: sealed, ...record } = JSON.parse(Buffer.from(entry.value).toString('utf8')) as CallRecord;
    const answer = sealed === undefined ? undefined : this.seal.with(name.key).open(sealed, entryKey(name));
    return { ...record, ...(answer === undefined ? {} : { answer }), revision: entry.revision };
  }

  override async write(name: CallName, { answer, ...record }: CallRecord, revision: number): Promise<number | undefined> {
    const key = entryKey(name);
    const sealed = answer === undefined ? undefined : this.seal.with(name.key).seal(answer, key);
    const kept = { ...record, ...(sealed === undefined || sealed.length > LARGEST ? {} : { answer: sealed }) };
    try {
      return await this.bucket.putIf(key, Buffer.from(JSON.stringify(kept)), revision, { ttl: LIFE });
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
  }

  override async remove(name: CallName, revision: number): Promise<void> {
    await this.bucket.delete(entryKey(name), revision).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
    });
  }
}

function entryKey({ caller, route, key }: CallName): string {
  return createHash('sha256')
    .update(JSON.stringify([caller, route, key]))
    .digest('base64url');
}

function isConflict(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'kv.revision_conflict';
}
