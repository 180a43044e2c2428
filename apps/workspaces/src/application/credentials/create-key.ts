import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { MOST_KEYS, tooManyKeys, type ApiKey, type KeyRights, type Maker } from '../../domain/credentials/key';
import { endOf } from '../../domain/credentials/lifetime';
import type { Access } from '../access';
import type { Facts } from '../facts';
import type { CredentialMint } from '../ports/credential-mint';
import { inFreeSlot } from './in-free-slot';
import { judgeRights } from './judge-rights';
import { LONGEST_CHAIN, type KeyStore } from './key-store';

export interface CreateKeyParts {
  readonly access: Access;
  readonly keys: Collection<ApiKey>;
  readonly store: KeyStore;
  readonly mint: CredentialMint;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What a new key shall be. */
export interface KeyWish {
  readonly name: string;
  readonly rights: KeyRights;
  readonly addresses: readonly string[];
  readonly expiresAt?: number;
}

/** A key with its secret, which is told this once. */
export interface ShownKey {
  readonly stored: Stored<ApiKey>;
  readonly secret: string;
}

/** Makes a key, for whoever may manage keys and with no more than they have. */
export class CreateKey {
  constructor(private readonly parts: CreateKeyParts) {}

  async run(context: CallContext, name: string, wish: KeyWish): Promise<ShownKey> {
    const { access, clock, facts, ids, keys, mint } = this.parts;
    const { workspace, standing } = await access.require(context, name, 'manage', 'keys');
    const now = clock.now();
    const expiresAt = endOf(wish.expiresAt, now);
    judgeRights(wish.rights, standing);
    const maker = await this.makerOf(context.principal);
    const id = ids.mint('key');
    const { text, digest } = mint.mint('key', id);
    const { name: label, rights, addresses } = wish;
    const key = { id, workspaceId: workspace.id, name: label, rights, maker, secrets: [{ digest }], addresses, createdAt: now, expiresAt };
    const payload = { key: id, name: label, expiresAt: new Date(expiresAt).toISOString() };
    const created = facts.of(context, {
      workspaceId: workspace.id,
      type: 'workspaces.keys.created',
      payload,
      subject: `key/${id}`,
      revision: 1,
    });
    const stored = await inFreeSlot({
      collection: keys,
      owner: { workspace: workspace.id },
      most: MOST_KEYS,
      make: (slot) => ({ ...key, slot }),
      events: [created],
      full: tooManyKeys,
    });
    return { stored, secret: text };
  }

  private async makerOf({ kind, id }: Principal): Promise<Maker> {
    if (kind === 'user') return { kind, id };
    if (kind !== 'key') throw makerUnfit(kind);
    const chain = await this.parts.store.chain(id);
    if (chain === undefined || chain.length >= LONGEST_CHAIN) throw chainTooLong();
    return { kind, id };
  }
}

function makerUnfit(kind: string): DomainError {
  return new DomainError(
    'keys.maker_unfit',
    'forbidden',
    `Keys are made by people and by other keys, not by a caller of the kind "${kind}".`,
  );
}

function chainTooLong(): DomainError {
  return new DomainError(
    'keys.chain_too_long',
    'forbidden',
    `This key was made with keys that were made with keys; ${LONGEST_CHAIN} in a row are enough. Make the new one with an earlier key, or sign in.`,
  );
}
