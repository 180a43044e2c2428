import { rulesWithin, type Rule } from '@millrace/auth';
import type { Clock } from '@millrace/kernel';
import { firstEnd } from '../rights/first-end';
import type { RoleBook } from '../rights/role-book';
import { rulesOfRights, type KeyStore } from './key-store';

/** What a key may do, and when something of what it stands on ends by itself, milliseconds since 1970. */
interface Bound {
  readonly rules: readonly Rule[];
  readonly until?: number;
}

const NOTHING: Bound = { rules: [] };

/** What keys may do now: never more than whoever made them may do now. */
export class KeyRules {
  constructor(
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {}

  /** Of a key in the workspace of the book; its own end does not count. `ofUser`: what a person has there. */
  async of(id: string, book: RoleBook, ofUser: (user: string) => Promise<Bound>): Promise<Bound> {
    const chain = await this.keys.chain(id);
    const first = chain?.at(-1);
    const now = this.clock.now();
    if (chain === undefined || first === undefined) return NOTHING;
    if (chain.some(({ workspaceId, expiresAt }) => workspaceId !== book.workspaceId || expiresAt <= now)) return NOTHING;
    const maker = await ofUser(first.maker.id);
    const rules = chain.reduceRight<readonly Rule[]>((limits, key) => rulesWithin(rulesOfRights(key.rights, book), limits), maker.rules);
    return { rules, ...firstEnd([maker.until, ...chain.slice(1).map(({ expiresAt }) => expiresAt)]) };
  }
}
