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

type Change = (time: number | undefined) => number | undefined;

/** Somebody who waits for a change. */
interface Waiting {
  readonly change: Change;
  readonly life: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Timestamps of strict limits in the bucket `limits`, under a digest of their key: what callers are called stands nowhere. */
export class KeyValueRateStore extends RateStore {
  /** Who waits for a change of a key while another is being made; all of them are served by the next, so that a crowd costs what one costs. */
  private readonly lines = new Map<string, Waiting[]>();

  private constructor(private readonly bucket: Bucket) {
    super();
  }

  static async open(keyValue: KeyValue): Promise<KeyValueRateStore> {
    return new KeyValueRateStore(await keyValue.bucket(LIMITS_BUCKET));
  }

  override async change(key: string, life: number, change: Change): Promise<void> {
    const { promise, resolve: done, reject: failed } = Promise.withResolvers<void>();
    const waiting = { change, life, done, failed };
    const line = this.lines.get(key);
    if (line === undefined) void this.serve(key, [waiting]);
    else line.push(waiting);
    await inTime(promise);
  }

  /** Serves those, then whoever came meanwhile, until nobody waits. */
  private async serve(key: string, first: readonly Waiting[]): Promise<void> {
    const name = nameOf(key);
    for (let turn = first; turn.length > 0; turn = this.lines.get(key) ?? []) {
      this.lines.set(key, []);
      try {
        await this.exchange(name, turn);
        for (const { done } of turn) done();
      } catch (error) {
        for (const { failed } of turn) failed(error);
      }
    }
    this.lines.delete(key);
  }

  private async exchange(name: string, turn: readonly Waiting[]): Promise<void> {
    const ttl = Math.max(...turn.map(({ life }) => life));
    for (let tries = 1; ; tries++) {
      const entry = await this.bucket.get(name);
      const before = entry === undefined ? undefined : timeOf(entry.value);
      const time = turn.reduce((now, { change }) => change(now) ?? now, before);
      if (time === undefined || time === before) return;
      try {
        await this.bucket.putIf(name, bytesOf(time), entry?.revision ?? 0, { ttl });
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
