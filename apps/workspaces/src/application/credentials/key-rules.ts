import { rulesWithin, type Rule } from '@millrace/auth';
import type { Clock } from '@millrace/kernel';
import type { RoleBook } from '../rights/role-book';
import { rulesOfRights, type KeyStore } from './key-store';

/** What keys may do now: never more than whoever made them may do now. */
export class KeyRules {
  constructor(
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {}

  /** The rules of a key in the workspace of the book. `rulesOfUser`: those that a person has there. */
  async of(id: string, book: RoleBook, rulesOfUser: (user: string) => Promise<readonly Rule[]>): Promise<readonly Rule[]> {
    const chain = await this.keys.chain(id);
    const first = chain?.at(-1);
    const now = this.clock.now();
    if (chain === undefined || first === undefined) return [];
    if (chain.some(({ workspaceId, expiresAt }) => workspaceId !== book.workspaceId || expiresAt <= now)) return [];
    const bounds = await rulesOfUser(first.maker.id);
    return chain.reduceRight<readonly Rule[]>((limits, key) => rulesWithin(rulesOfRights(key.rights, book), limits), bounds);
  }
}
