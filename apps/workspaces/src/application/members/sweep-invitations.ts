import type { Collection } from '@millrace/documents';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isOpen } from '../../domain/invitation';
import type { Member } from '../../domain/members';
import type { Facts } from '../facts';
import { unlessGone } from '../unless-gone';
import { memberFact } from './member-fact';

export interface SweepInvitationsParts {
  readonly members: Collection<Member>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

const PAGE = 100;
const PATIENCE = 60_000;

/** Removes invitations that nobody accepted in time. Any number of instances may do so at once. */
export class SweepInvitations {
  constructor(private readonly parts: SweepInvitationsParts) {}

  async run(): Promise<void> {
    const { members, facts, clock } = this.parts;
    const context = this.context();
    for (;;) {
      const { items } = await members.page({ where: { invited: true }, by: 'invitation', limit: PAGE });
      const over = items.filter(({ document }) => !isOpen(document, clock.now()));
      for (const { document } of over) {
        const left = (member: Member) =>
          member.user === undefined
            ? { document: null, events: [facts.of(context, memberFact(member, 'left'))] }
            : { document: member, events: [] };
        await members.update(document.id, left).catch(unlessGone);
      }
      if (over.length < PAGE) return;
    }
  }

  private context(): CallContext {
    const { clock, ids } = this.parts;
    return { principal: servicePrincipal('workspaces'), correlationId: ids.mint('cor'), deadline: clock.now() + PATIENCE };
  }
}
