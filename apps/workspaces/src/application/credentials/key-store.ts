import type { Rule } from '@millrace/auth';
import type { Changed, Collection, Stored } from '@millrace/documents';
import { keyMissing, type ApiKey, type KeyRights } from '../../domain/credentials/key';
import { rulesOf, type RoleBook } from '../rights/role-book';
import { unlessGone } from '../unless-gone';

/** A key and the keys it was made with, down to the one that a person made: none of them may more than the next. */
export type Chain = readonly ApiKey[];

/** How many keys may follow from one another. */
export const LONGEST_CHAIN = 3;

/** The keys of a workspace, with whom they come from. */
export class KeyStore {
  constructor(private readonly keys: Collection<ApiKey>) {}

  /** The key, if it is of this workspace. */
  async get(workspaceId: string, id: string): Promise<Stored<ApiKey>> {
    const stored = await this.keys.find(id);
    if (stored?.document.workspaceId !== workspaceId) throw keyMissing(id);
    return stored;
  }

  /** The changed key. Refuses one that was revoked meanwhile. */
  async change(id: string, change: (key: ApiKey, revision: number) => Changed<ApiKey>): Promise<Stored<ApiKey>> {
    const stored = await this.keys.update(id, change).catch(unlessGone);
    if (stored === undefined) throw keyMissing(id);
    return stored;
  }

  /** The key and those it was made with; undefined when one of them is gone, for then it may nothing. */
  async chain(id: string): Promise<Chain | undefined> {
    const chain: ApiKey[] = [];
    for (let next: string | undefined = id; next !== undefined;) {
      const key: ApiKey | undefined = (await this.keys.find(next))?.document;
      if (key === undefined || chain.length >= LONGEST_CHAIN) return undefined;
      chain.push(key);
      next = key.maker.kind === 'key' ? key.maker.id : undefined;
    }
    return chain;
  }
}

/** What a key may by itself, before its makers are asked. */
export function rulesOfRights(rights: KeyRights, book: RoleBook): readonly Rule[] {
  return 'role' in rights ? rulesOf(book, [rights.role]) : rights.rules;
}
