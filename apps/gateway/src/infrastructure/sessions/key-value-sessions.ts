import { hash, randomBytes } from 'node:crypto';
import { DomainError, type Clock } from '@millrace/kernel';
import type { Bucket, Entry } from '@millrace/messaging';
import type { Seal } from '../../application/ports/seal';
import { SessionStore, type KeptSession } from '../../application/ports/session-store';
import { endOf, type Session } from '../../domain/sessions/session';

/** 256 bits. */
const SECRET_BYTES = 32;
/** Milliseconds one gateway may take to renew tokens, after which another one tries. */
const LEASE = 15_000;
const PRESENT = Uint8Array.of(1);

/**
 * Sessions in the bucket `sessions`: `session/<hash of the secret>` holds the session, sealed; `user/…` and `issuer/…` lead to it. Whoever
 * reads the bucket can neither come as anybody nor see their tokens.
 */
export class KeyValueSessions extends SessionStore {
  constructor(
    private readonly bucket: Bucket,
    private readonly seal: Seal,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async open(session: Session): Promise<string> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const key = keyOf(secret);
    const options = this.lifeOf(session);
    for (const index of indexesOf(key, session)) await this.bucket.put(index, PRESENT, options);
    await this.bucket.putIf(key, this.sealed(key, session), 0, options);
    return secret;
  }

  override async find(secret: string): Promise<KeptSession | undefined> {
    return this.get(keyOf(secret));
  }

  override async refind({ key }: KeptSession): Promise<KeptSession | undefined> {
    return this.get(key);
  }

  override async ofUser(user: string): Promise<readonly KeptSession[]> {
    return this.below(indexOf('user', user));
  }

  override async ofIssuerSession(issuerSession: string): Promise<readonly KeptSession[]> {
    return this.below(indexOf('issuer', issuerSession));
  }

  override async replace({ key, revision }: KeptSession, session: Session): Promise<KeptSession | undefined> {
    const written = await this.bucket.putIf(key, this.sealed(key, session), revision, this.lifeOf(session)).catch(lost);
    return written === undefined ? undefined : { key, session, revision: written };
  }

  override async remove({ key, session }: KeptSession): Promise<void> {
    await this.bucket.delete(key);
    for (const index of indexesOf(key, session)) await this.bucket.delete(index);
  }

  override async lease({ key }: KeptSession): Promise<(() => Promise<void>) | undefined> {
    const lease = `lease/${key}`;
    const revision = await this.bucket.putIf(lease, PRESENT, 0, { ttl: LEASE }).catch(lost);
    // One that ran out is another gateway's by now, and one that cannot be given back runs out.
    return revision === undefined ? undefined : async () => this.bucket.delete(lease, revision).catch(() => undefined);
  }

  override async next(kept: KeptSession, patience: number): Promise<KeptSession | undefined> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = await this.bucket.watch(kept.key, ({ revision }) => {
      if (revision !== kept.revision) resolve();
    });
    const timer = setTimeout(resolve, patience);
    await promise;
    clearTimeout(timer);
    await watch.stop();
    const now = await this.get(kept.key);
    return now?.revision === kept.revision ? undefined : now;
  }

  override async once(name: string, lifetime: number, act: () => Promise<void>): Promise<void> {
    const key = indexOf('once', name);
    if ((await this.bucket.get(key)) !== undefined) return;
    await act();
    await this.bucket.put(key, PRESENT, { ttl: lifetime });
  }

  private async below(index: string): Promise<readonly KeptSession[]> {
    const entries = await this.bucket.list(`${index}/`);
    const found = await Promise.all(entries.map(({ key }) => this.get(key.slice(index.length + 1))));
    return found.filter((each) => each !== undefined);
  }

  private async get(key: string): Promise<KeptSession | undefined> {
    const entry = await this.bucket.get(key);
    return entry && this.read(entry);
  }

  /** One that was sealed with a key that is no more is as good as gone. */
  private read({ key, value, revision }: Entry): KeptSession | undefined {
    const text = this.seal.open(new TextDecoder().decode(value), key);
    return text === undefined ? undefined : { key, session: JSON.parse(text) as Session, revision };
  }

  private sealed(key: string, session: Session): Uint8Array {
    return new TextEncoder().encode(this.seal.seal(JSON.stringify(session), key));
  }

  private lifeOf(session: Session): { readonly ttl: number } {
    return { ttl: Math.max(1, endOf(session) - this.clock.now()) };
  }
}

function keyOf(secret: string): string {
  return `session/${digest(secret)}`;
}

function indexesOf(key: string, { user, issuerSession }: Session): readonly string[] {
  const names = issuerSession === undefined ? [indexOf('user', user)] : [indexOf('user', user), indexOf('issuer', issuerSession)];
  return names.map((name) => `${name}/${key}`);
}

/** Names of persons and sessions may hold any character, and be long. */
function indexOf(kind: string, name: string): string {
  return `${kind}/${digest(name)}`;
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** Somebody else was first. */
function lost(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
  throw error;
}
