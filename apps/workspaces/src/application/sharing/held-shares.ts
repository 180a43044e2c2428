import type { Collection } from '@millrace/documents';
import type { Clock, Principal } from '@millrace/kernel';
import { holdersOf, isPast, waitsUntil, type Share } from '../../domain/sharing/share';
import { allOf } from './all-of';
import { unlessGone } from '../unless-gone';

/** What is shared with callers. */
export class HeldShares {
  constructor(
    private readonly shares: Collection<Share>,
    private readonly clock: Clock,
  ) {}

  /** What is shared with a caller who has these roles, as long as it holds. */
  async of(workspaceId: string, principal: Principal, roles: readonly string[]): Promise<readonly Share[]> {
    // Most workspaces share nothing one by one, and every call asks.
    const { items } = await this.shares.page({ where: { workspace: workspaceId }, limit: 1 });
    if (items.length === 0) return [];
    const held = await Promise.all(holdersOf(workspaceId, principal, roles).map((holder) => allOf(this.shares, { holder })));
    return held.flat().filter((share) => !isPast(share, this.clock.now()));
  }

  /** What waited for an e-mail address is the caller's from now on, and nobody else's. May be repeated. */
  async bind(shares: readonly Share[], user: string): Promise<void> {
    for (const share of shares.filter((each) => waitsUntil(each) !== undefined)) {
      const bound = (before: Share): Share => (before.user === undefined ? { ...before, user } : before);
      await this.shares.update(share.id, (before) => ({ document: bound(before), events: [] })).catch(unlessGone);
    }
  }
}
