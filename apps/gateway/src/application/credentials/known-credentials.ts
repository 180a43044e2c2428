import { Credential, type Identity } from '@millrace/auth';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CredentialKeeper, Kept } from '../ports/credential-keeper';
import type { Revocations } from '../ports/revocations';
import type { WrongCredentials } from './wrong-credentials';

/** Where a request comes from. */
export interface Whence {
  /** Its address; undefined: that cannot be said. */
  readonly address?: string | undefined;
  /** What all who cannot be told apart from it are counted as. */
  readonly place?: string | undefined;
}

export interface KnownCredentialsParts {
  readonly keeper: CredentialKeeper;
  readonly revocations: Pick<Revocations, 'onRevoked'>;
  readonly wrong: Pick<WrongCredentials, 'check' | 'note'>;
  readonly clock: Clock;
}

interface Known {
  readonly id: string;
  readonly asking: Promise<Kept>;
  /** When it is to be asked for again. */
  readonly until: number;
}

/** Milliseconds for which an answer counts. What something happened to is asked for again at once. */
const KEPT_FOR = 30_000;
const MOST_KNOWN = 20_000;

/**
 * Whom keys and tokens speak for: each is asked for once, and again when half a minute has passed or something has happened to it. Their
 * texts are not kept, only digests. Who tries texts is not listened to after a while; what was good before stays so for its owner.
 */
export class KnownCredentials {
  /** By digest, the longest unasked first. */
  private readonly known = new Map<string, Known>();

  constructor(private readonly parts: KnownCredentialsParts) {
    parts.revocations.onRevoked(({ kind, id }) => {
      if (kind === 'key' || kind === 'token') this.forget(id);
    });
  }

  /**
   * Refuses with `auth.credential_…` (unauthenticated), `auth.too_many_wrong` (exhausted) or `auth.address_denied` (forbidden); as
   * unavailable while nobody can be asked.
   */
  async identify(text: string, { address, place }: Whence): Promise<Identity> {
    const credential = Credential.read(text);
    if (credential === undefined) return this.refuse(place);
    const kept = await this.find(credential, place);
    if (kept.expiresAt <= this.parts.clock.now()) throw expired();
    if (!kept.allows(address)) throw addressDenied();
    return kept;
  }

  private async find(credential: Credential, place: string | undefined): Promise<Kept> {
    const { id, digest } = credential;
    const before = this.known.get(digest);
    if (before !== undefined && before.until > this.parts.clock.now()) return before.asking;
    if (before === undefined) this.parts.wrong.check(place);
    const asked = { id, asking: this.parts.keeper.resolve(credential), until: this.parts.clock.now() + KEPT_FOR };
    this.keep(digest, asked);
    try {
      return await asked.asking;
    } catch (error) {
      const isWrong = error instanceof DomainError && error.refusal === 'unauthenticated';
      if (this.known.get(digest) === asked) this.keep(digest, isWrong ? undefined : before);
      if (isWrong) await this.parts.wrong.note(place);
      throw error;
    }
  }

  private keep(digest: string, known: Known | undefined): void {
    this.known.delete(digest);
    if (known === undefined) return;
    this.known.set(digest, known);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }

  /** An answer that is still under way was given before: it counts for who waits for it, and for nobody later. */
  private forget(id: string): void {
    for (const [digest, known] of this.known) if (known.id === id) this.known.delete(digest);
  }

  private async refuse(place: string | undefined): Promise<never> {
    this.parts.wrong.check(place);
    await this.parts.wrong.note(place);
    throw new DomainError(
      'auth.credential_malformed',
      'unauthenticated',
      'This is no key or token as they are made: something of it is missing or was changed. Copy the whole of it.',
    );
  }
}

function expired(): DomainError {
  return new DomainError('auth.credential_expired', 'unauthenticated', 'This key or token has ended. Make a new one and use that.');
}

function addressDenied(): DomainError {
  return new DomainError(
    'auth.address_denied',
    'forbidden',
    'This key may not be used from your address. Use it from one of its networks, or change those.',
  );
}
