import { isScope } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import type { AskedPage, Clock, Ids, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { endOf } from '../../domain/credentials/lifetime';
import { MOST_TOKENS, scopeUnknown, signedInOnly, tokenMissing, tooManyTokens, type PersonalToken } from '../../domain/credentials/token';
import type { Access } from '../access';
import type { Facts } from '../facts';
import type { CredentialMint } from '../ports/credential-mint';
import { unlessGone } from '../unless-gone';
import { inFreeSlot } from './in-free-slot';

export interface TokensParts {
  readonly access: Access;
  readonly tokens: Collection<PersonalToken>;
  readonly mint: CredentialMint;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What a new token shall be. */
export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly string[];
  /** By id or slug. */
  readonly workspaces: readonly string[];
  readonly expiresAt?: number;
}

/** A token with its secret, which is told this once. */
export interface ShownToken {
  readonly token: PersonalToken;
  readonly secret: string;
}

/** The tokens of a person: what happens to them is told to nobody's workspace, but on the platform's own. */
const PLATFORM = 'platform';

/** People's own tokens. */
export class Tokens {
  constructor(private readonly parts: TokensParts) {}

  /** Makes a token for a person who has signed in. */
  async create(context: CallContext, { name, scopes, workspaces, expiresAt }: TokenWish): Promise<ShownToken> {
    const { clock, ids, mint, tokens } = this.parts;
    const { kind, id: user, scopes: own } = context.principal;
    if (kind !== 'user' || own !== undefined) throw signedInOnly();
    scopes.forEach((scope, index) => {
      if (!isScope(scope)) throw scopeUnknown(scope, index);
    });
    const createdAt = clock.now();
    const end = endOf(expiresAt, createdAt);
    const places = await this.idsOf(context, workspaces);
    const id = ids.mint('tok');
    const { text, digest } = mint.mint('token', id);
    const token = { id, user, name, scopes: [...new Set(scopes)], workspaces: places, digest, createdAt, expiresAt: end };
    const said = { scopes: token.scopes, workspaces: places, expiresAt: new Date(end).toISOString() };
    const { document } = await inFreeSlot({
      collection: tokens,
      owner: { user },
      most: MOST_TOKENS,
      make: (slot) => ({ ...token, slot }),
      events: [this.fact(context, 'created', id, user, said)],
      full: tooManyTokens,
    });
    return { token: document, secret: text };
  }

  /** The caller's own, newest first. */
  list({ principal }: CallContext, { limit, cursor }: AskedPage): Promise<Page<Stored<PersonalToken>>> {
    return this.parts.tokens.page({
      where: { user: ownerOf(principal) },
      direction: 'descending',
      limit,
      ...(cursor === '' ? {} : { cursor }),
    });
  }

  /** From now on the token is nobody's. */
  async revoke(context: CallContext, id: string): Promise<void> {
    const stored = await this.parts.tokens.find(id);
    if (stored?.document.user !== ownerOf(context.principal)) throw tokenMissing(id);
    await this.remove(context, id);
  }

  /** Removes a token, if it is still there, and tells of it. */
  async remove(context: CallContext, id: string): Promise<void> {
    const removed = ({ user }: PersonalToken) => ({ document: null, events: [this.fact(context, 'revoked', id, user, {})] });
    await this.parts.tokens.update(id, removed).catch(unlessGone);
  }

  /** Removes all tokens of a person. */
  async forget(context: CallContext, user: string): Promise<void> {
    const { items } = await this.parts.tokens.page({ where: { user }, limit: MOST_TOKENS });
    for (const { document } of items) await this.remove(context, document.id);
  }

  private async idsOf(context: CallContext, names: readonly string[]): Promise<readonly string[]> {
    const entered = await Promise.all(names.map((name) => this.parts.access.enter(context, name)));
    return [...new Set(entered.map(({ workspace }) => workspace.id))];
  }

  private fact(context: CallContext, what: 'created' | 'revoked', id: string, user: string, said: TokenSaid) {
    const fact = {
      workspaceId: PLATFORM,
      type: `workspaces.tokens.${what}`,
      payload: { token: id, user, ...said },
      subject: `token/${id}`,
    };
    return this.parts.facts.of(context, fact);
  }
}

interface TokenSaid {
  readonly scopes?: readonly string[];
  readonly workspaces?: readonly string[];
  readonly expiresAt?: string;
}

/** Only people have tokens; nobody has the empty name. */
function ownerOf({ kind, id }: CallContext['principal']): string {
  return kind === 'user' ? id : '';
}
