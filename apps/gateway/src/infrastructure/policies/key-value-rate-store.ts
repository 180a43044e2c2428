import { createHash } from 'node:crypto';
import { DomainError } from '@millrace/kernel';
import type { Bucket, KeyValue } from '@millrace/messaging';
import { RateStore } from '../../application/ports/rate-store';

/** The bucket of all that gateways share about limits. Only gateways write there. */
export const LIMITS_BUCKET = 'limits';

/** Milliseconds that a caller is kept waiting for the store. */
const PATIENCE = 500;
/** Changes that may be made by others in between. */
const TRIES = 8;

/** Timestamps of strict limits in the bucket `limits`, under a digest of their key: what callers are called stands nowhere. */
export class KeyValueRateStore extends RateStore {
  /** The last change of a key that this process is making: its own callers queue instead of racing each other. */
  private readonly lines = new Map<string, Promise<void>>();

  private constructor(private readonly bucket: Bucket) {
    super();
  }

  static async open(keyValue: KeyValue): Promise<KeyValueRateStore> {
    return new KeyValueRateStore(await keyValue.bucket(LIMITS_BUCKET));
  }

  override async change(key: string, life: number, change: (time: number | undefined) => number | undefined): Promise<void> {
    const before = this.lines.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.exchange(nameOf(key), life, change));
    this.lines.set(key, mine);
    try {
      await inTime(mine);
    } finally {
      if (this.lines.get(key) === mine) this.lines.delete(key);
    }
  }

  private async exchange(name: string, life: number, change: (time: number | undefined) => number | undefined): Promise<void> {
    for (let tries = 1; ; tries++) {
      const entry = await this.bucket.get(name);
      const time = change(entry === undefined ? undefined : timeOf(entry.value));
      if (time === undefined) return;
      try {
        await this.bucket.putIf(name, bytesOf(time), entry?.revision ?? 0, { ttl: life });
        return;
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict' || tries === TRIES) throw error;
      }
    }
  }
}

function nameOf(key: string): string {
  return `count.${createHash('sha256').update(key).digest('base64url')}`;
}

function timeOf(value: Uint8Array): number | undefined {
  const time = Number(Buffer.from(value).toString('latin1'));
  return Number.isFinite(time) ? time : undefined;
}

function bytesOf(time: number): Uint8Array {
  return Buffer.from(String(Math.ceil(time)), 'latin1');
}

async function inTime(work: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`The store of limits did not answer within ${PATIENCE} ms.`)), PATIENCE);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
