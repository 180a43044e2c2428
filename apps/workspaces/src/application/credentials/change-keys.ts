import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { changeKey, rotateKey, type ApiKey, type KeyChanges } from '../../domain/credentials/key';
import { endOf } from '../../domain/credentials/lifetime';
import type { Conditions, Revised } from '../../domain/draft';
import type { Access } from '../access';
import { answering } from '../ensure';
import { knownOnly } from '../expected-revision';
import type { Facts } from '../facts';
import type { CredentialMint } from '../ports/credential-mint';
import { unlessGone } from '../unless-gone';
import type { ShownKey } from './create-key';
import { demandNoMore, judgeRights } from './judge-rights';
import type { KeyStore } from './key-store';

export interface ChangeKeysParts {
  readonly access: Access;
  readonly keys: Collection<ApiKey>;
  readonly store: KeyStore;
  readonly mint: CredentialMint;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** A key by the workspace (id or slug) and its own id. */
export interface KeyName {
  readonly workspace: string;
  readonly key: string;
}

/** Changes, rotates and revokes keys, for whoever may manage them. */
export class ChangeKeys {
  constructor(private readonly parts: ChangeKeysParts) {}

  async update(
    context: CallContext,
    { workspace: name, key: id }: KeyName,
    changes: KeyChanges,
    conditions: Conditions,
  ): Promise<Stored<ApiKey>> {
    const { access, clock, store } = this.parts;
    const { workspace, standing } = await access.require(context, name, 'manage', 'keys');
    await store.get(workspace.id, id);
    const demand = knownOnly(conditions);
    if (changes.rights !== undefined) judgeRights(changes.rights, standing);
    if (changes.expiresAt !== undefined) endOf(changes.expiresAt, clock.now());
    const change = (key: ApiKey, revision: number) => {
      demand(`The key "${key.name}"`, revisedOf(key, revision));
      const { key: next, changed } = changeKey(key, changes);
      if (changed.length === 0) return { document: key, events: [] };
      const document = { ...next, updatedBy: context.principal.id, updatedAt: clock.now() };
      return { document, events: [this.fact(context, 'changed', document, { changed }, revision + 1)] };
    };
    return store.change(id, change);
  }

  /** A new secret; the one before works `overlap` milliseconds more. Who rotates a key has it then, so it may not be more than they may. */
  async rotate(context: CallContext, { workspace: name, key: id }: KeyName, overlap: number): Promise<ShownKey> {
    const { access, clock, mint, store } = this.parts;
    const { workspace, standing } = await access.require(context, name, 'manage', 'keys');
    const { document: before } = await store.get(workspace.id, id);
    const isItself = context.principal.kind === 'key' && context.principal.id === id;
    if (!isItself) demandNoMore(before.rights, standing);
    const { text, digest } = mint.mint('key', id);
    const now = clock.now();
    const rotated = (key: ApiKey, revision: number) => {
      const document = { ...rotateKey(key, digest, overlap, now), updatedBy: context.principal.id, updatedAt: now };
      const expiresAt = new Date(document.expiresAt).toISOString();
      return { document, events: [this.fact(context, 'rotated', document, { expiresAt, overlap: overlap / 1000 }, revision + 1)] };
    };
    return { stored: await store.change(id, rotated), secret: text };
  }

  /** From now on the key is nobody's, and so are those that were made with it. */
  async revoke(context: CallContext, { workspace: name, key: id }: KeyName): Promise<void> {
    const { workspace } = await this.parts.access.require(context, name, 'manage', 'keys');
    await this.parts.store.get(workspace.id, id);
    await this.remove(context, id);
  }

  /** Removes a key, if it is still there, and tells of it. */
  async remove(context: CallContext, id: string): Promise<void> {
    await this.parts.keys.update(id, (key) => ({ document: null, events: [this.fact(context, 'revoked', key, {})] })).catch(unlessGone);
  }

  /** Tells that a key has other rights than before, though it is what it was. */
  async announce(context: CallContext, id: string): Promise<void> {
    await answering(this.parts.keys, id, (key) => ({
      document: key,
      events: [this.fact(context, 'changed', key, { changed: ['maker'] })],
      result: undefined,
    }));
  }

  private fact(
    context: CallContext,
    what: 'changed' | 'rotated' | 'revoked',
    { id, workspaceId, name }: ApiKey,
    said: object,
    revision?: number,
  ) {
    return this.parts.facts.of(context, {
      workspaceId,
      type: `workspaces.keys.${what}`,
      payload: { key: id, name, ...said },
      subject: `key/${id}`,
      ...(revision === undefined ? {} : { revision }),
    });
  }
}

/** At which revision a key is, and who brought it there. */
function revisedOf({ maker, createdAt, updatedBy = maker.id, updatedAt = createdAt }: ApiKey, revision: number): Revised {
  return { revision, updatedBy, updatedAt };
}
