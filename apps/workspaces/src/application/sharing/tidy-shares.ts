import type { Collection, IndexValue } from '@millrace/documents';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isPast, thingOf, type Grantee, holderOf, type Share, type SharedObject } from '../../domain/sharing/share';
import type { Facts } from '../facts';
import { unlessGone } from '../unless-gone';
import { allOf } from './all-of';
import { shareFact } from './share-fact';

export interface TidySharesParts {
  readonly shares: Collection<Share>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** An object of a workspace. */
type Thing = Pick<Share, 'workspaceId' | keyof SharedObject>;

/** Somebody in a workspace. */
type Holder = Pick<Share, 'workspaceId' | keyof Grantee>;

const PAGE = 100;
const PATIENCE = 60_000;

/** What follows for shares from what happened to what they are of, and to whom they are with: every step may be repeated. */
export class TidyShares {
  constructor(private readonly parts: TidySharesParts) {}

  /** Removes those whose time is over. Any number of instances may do so at once. */
  async sweep(): Promise<void> {
    const { shares, clock, ids } = this.parts;
    const context = { principal: servicePrincipal('workspaces'), correlationId: ids.mint('cor'), deadline: clock.now() + PATIENCE };
    for (;;) {
      const { items } = await shares.page({ where: { ends: true }, by: 'end', limit: PAGE });
      const over = items.filter(({ document }) => isPast(document, clock.now()));
      for (const { document } of over) await this.remove(context, document);
      if (over.length < PAGE) return;
    }
  }

  /** Somebody is no member any more, or a role is none: what was shared with them until then goes. `at`: when, milliseconds since 1970. */
  async holderGone(context: CallContext, holder: Holder, at: number): Promise<void> {
    await this.removeAll(context, { holder: holderOf(holder) }, at);
  }

  /** An object is no more: whatever comes to have its name is another one. */
  async thingGone(context: CallContext, thing: Thing, at: number): Promise<void> {
    await this.removeAll(context, { thing: thingOf(thing) }, at);
  }

  /** An object has another name: it is still shared with the same. */
  async thingRenamed(context: CallContext, { object, ...thing }: Thing, to: string, at: number): Promise<void> {
    const { shares, facts } = this.parts;
    for (const { id } of await this.madeUntil({ thing: thingOf({ ...thing, object }) }, at)) {
      const renamed = (share: Share): Share => ({ ...share, object: to });
      await shares
        .update(id, (share) => ({ document: renamed(share), events: [facts.of(context, shareFact(renamed(share), 'changed'))] }))
        .catch(unlessGone);
    }
  }

  /** A person is gone: so is what was shared with them, wherever that is. Answers how much that was. */
  personGone(context: CallContext, user: string): Promise<number> {
    return this.removeAll(context, { user }, Infinity);
  }

  private async removeAll(context: CallContext, where: Readonly<Record<string, IndexValue>>, at: number): Promise<number> {
    const gone = await this.madeUntil(where, at);
    for (const share of gone) await this.remove(context, share);
    return gone.length;
  }

  /** What was shared later is meant for what is there now. */
  private async madeUntil(where: Readonly<Record<string, IndexValue>>, at: number): Promise<readonly Share[]> {
    return (await allOf(this.parts.shares, where)).filter(({ createdAt }) => createdAt <= at);
  }

  private async remove(context: CallContext, { id }: Share): Promise<void> {
    const { shares, facts } = this.parts;
    await shares.update(id, (share) => ({ document: null, events: [facts.of(context, shareFact(share, 'deleted'))] })).catch(unlessGone);
  }
}
