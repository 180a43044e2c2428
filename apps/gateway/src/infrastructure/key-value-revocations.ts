import { hash } from 'node:crypto';
import type { Identity } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { Bucket, Change, KeyValue, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Revocations, type Revoked } from '../application/ports/revocations';

const BUCKET = 'revoked';
/** Milliseconds a closing is kept: no access token is believed for longer than a day, clocks may differ by half a minute. */
const LIFE = 25 * 3_600_000;

const KINDS: ReadonlySet<string> = new Set<Revoked['kind']>(['session', 'user', 'key', 'token']);

/**
 * Closings in the bucket `revoked`, which every gateway follows and holds in memory. A key is a digest: ids of persons may hold any
 * character, and are as long as they like.
 */
export class KeyValueRevocations extends Revocations implements OnApplicationShutdown {
  private readonly known = new Map<string, number>();
  private readonly listeners = new Set<(what: Revoked) => void>();
  private watch: Watch | undefined;

  private constructor(
    private readonly bucket: Bucket,
    private readonly log: Log,
  ) {
    super();
  }

  /** Knows all that was closed when it resolves. */
  static async open(keyValue: KeyValue, log: Log): Promise<KeyValueRevocations> {
    const revocations = new KeyValueRevocations(await keyValue.bucket(BUCKET), log);
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    revocations.watch = await revocations.bucket.watch('', (change) => revocations.note(change), resolve);
    await ready;
    return revocations;
  }

  override async revoke(what: Revoked): Promise<void> {
    const key = keyOf(what.kind, what.id);
    for (;;) {
      const entry = await this.bucket.get(key);
      const before = entry === undefined ? undefined : read(entry.value);
      // Of two closings the later one says more.
      const value = Buffer.from(JSON.stringify({ ...what, at: Math.max(what.at, before?.at ?? 0) }));
      const written = await this.bucket.putIf(key, value, entry?.revision ?? 0, { ttl: LIFE }).catch(lost);
      if (written !== undefined) break;
    }
    this.take(what, key);
  }

  override isRevoked({ principal: { id, session }, issuedAt }: Identity): boolean {
    if (this.known.size === 0) return false;
    if (session !== undefined && this.known.has(keyOf('session', session))) return true;
    return issuedAt <= (this.known.get(keyOf('user', id)) ?? Number.NEGATIVE_INFINITY);
  }

  override onRevoked(listener: (what: Revoked) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  private note({ key, value }: Change): void {
    const what = value === undefined ? undefined : read(value);
    if (what !== undefined) this.take(what, key);
    else if (value === undefined) this.known.delete(key);
    else this.log.error('A closing in the bucket "revoked" cannot be read.', { key });
  }

  private take(what: Revoked, key: string): void {
    this.known.set(key, Math.max(what.at, this.known.get(key) ?? 0));
    for (const listener of this.listeners) listener(what);
  }
}

function keyOf(kind: Revoked['kind'], id: string): string {
  return `${kind}.${hash('sha256', id, 'base64url')}`;
}

function read(value: Uint8Array): Revoked | undefined {
  try {
    const { kind, id, at } = JSON.parse(new TextDecoder().decode(value)) as Partial<Record<keyof Revoked, unknown>>;
    if (typeof kind === 'string' && KINDS.has(kind) && typeof id === 'string' && typeof at === 'number') {
      return { kind: kind as Revoked['kind'], id, at };
    }
  } catch {
    // Nobody of us wrote it: as if it were not there.
  }
  return undefined;
}

/** Somebody else was first: look again. */
function lost(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
  throw error;
}
