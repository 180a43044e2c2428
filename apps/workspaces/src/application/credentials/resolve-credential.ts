import type { Collection } from '@millrace/documents';
import { DomainError, isId, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { provenUntil, type ApiKey } from '../../domain/credentials/key';
import { dayOf } from '../../domain/credentials/lifetime';
import type { PersonalToken } from '../../domain/credentials/token';
import type { Access } from '../access';
import { unlessGone } from '../unless-gone';
import type { KeyStore } from './key-store';

export interface ResolveCredentialParts {
  readonly access: Access;
  readonly keys: Collection<ApiKey>;
  readonly tokens: Collection<PersonalToken>;
  readonly store: KeyStore;
  readonly clock: Clock;
}

/** What a credential stands for: a key or a token, and until when this text of it does. */
export type Resolved =
  | { readonly kind: 'key'; readonly key: ApiKey; readonly expiresAt: number }
  | { readonly kind: 'token'; readonly token: PersonalToken; readonly expiresAt: number };

/**
 * Says what a text stands for, by its digest. Who knows a digest – from a copy of this store, say – cannot make the text of it, and it is the text that
 * gateways take. One refusal for what never was, was revoked, or has another secret: the difference is nobody's business.
 */
export class ResolveCredential {
  constructor(private readonly parts: ResolveCredentialParts) {}

  async run({ principal }: CallContext, id: string, digest: string): Promise<Resolved> {
    if (principal.kind !== 'service') throw servicesOnly();
    const resolved = isId('key', id) ? await this.key(id, digest) : await this.token(id, digest);
    if (resolved === undefined) throw unknown();
    if (resolved.expiresAt <= this.parts.clock.now()) throw expired(resolved.expiresAt);
    await this.noteUse(resolved);
    return resolved;
  }

  private async key(id: string, digest: string): Promise<Resolved | undefined> {
    const chain = await this.parts.store.chain(id);
    const [key] = chain ?? [];
    const expiresAt = key === undefined ? undefined : provenUntil(key, digest);
    if (chain === undefined || key === undefined || expiresAt === undefined) return undefined;
    if ((await this.parts.access.find(key.workspaceId)) === undefined) return undefined;
    return { kind: 'key', key, expiresAt: Math.min(expiresAt, ...chain.map((each) => each.expiresAt)) };
  }

  private async token(id: string, digest: string): Promise<Resolved | undefined> {
    const token = (await this.parts.tokens.find(id))?.document;
    return token?.digest === digest ? { kind: 'token', token, expiresAt: token.expiresAt } : undefined;
  }

  /** The day is enough to see what nobody uses, and costs one write a day. */
  private async noteUse(resolved: Resolved): Promise<void> {
    const lastUsedOn = dayOf(this.parts.clock.now());
    if (resolved.kind === 'key') await noted(this.parts.keys, resolved.key, lastUsedOn);
    else await noted(this.parts.tokens, resolved.token, lastUsedOn);
  }
}

async function noted<T extends { readonly id: string; readonly lastUsedOn?: string }>(
  collection: Collection<T>,
  used: T,
  lastUsedOn: string,
): Promise<void> {
  if (used.lastUsedOn === lastUsedOn) return;
  const noted = await collection.update(used.id, (document) => ({ document: { ...document, lastUsedOn }, events: [] })).catch(unlessGone);
  // It was revoked in this moment: so it is.
  if (noted === undefined) throw unknown();
}

function unknown(): DomainError {
  return new DomainError(
    'auth.credential_unknown',
    'unauthenticated',
    'This key or token proves nobody: it was revoked, or it never was. Make a new one and use that.',
  );
}

function expired(endedAt: number): DomainError {
  return new DomainError(
    'auth.credential_expired',
    'unauthenticated',
    `This key or token ended at ${new Date(endedAt).toISOString()}. Make a new one and use that.`,
  );
}

function servicesOnly(): DomainError {
  return new DomainError('credentials.resolve_denied', 'forbidden', 'Only services of the platform may ask what a credential stands for.');
}
