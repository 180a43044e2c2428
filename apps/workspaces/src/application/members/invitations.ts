import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { boundTo, invitationGone, invitationText, isOpen, readInvitation } from '../../domain/invitation';
import { placeOf, withRoles, type Member } from '../../domain/members';
import type { Facts } from '../facts';
import type { Signer } from '../files/ports/signer';
import { unlessGone } from '../unless-gone';
import { memberFact } from './member-fact';

export interface InvitationsParts {
  readonly members: Collection<Member>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly signer: Signer;
}

/** What people are invited with: signed, so that none can be guessed, and good for one person once. */
export class Invitations {
  constructor(private readonly parts: InvitationsParts) {}

  /** What a member who was invited accepts with; empty when there is nothing to accept. It is kept nowhere. */
  token({ id, invitation }: Member): string {
    if (invitation === undefined) return '';
    const text = invitationText({ member: id, until: invitation.until });
    return `${text}.${this.parts.signer.sign(text)}`;
  }

  /** Whom a token invites. A forged one is refused before anything is looked up, as is one that was used or is over. */
  async find(token: string): Promise<Member> {
    const { members, signer, clock } = this.parts;
    const cut = token.lastIndexOf('.');
    const text = token.slice(0, Math.max(0, cut));
    const claims = signer.isSigned(text, token.slice(cut + 1)) ? readInvitation(text) : undefined;
    const member = claims === undefined ? undefined : (await members.find(claims.member))?.document;
    if (member === undefined || member.invitation?.until !== claims?.until || !isOpen(member, clock.now())) throw invitationGone();
    return member;
  }

  /**
   * Makes who was invited the caller, from now on and nobody else. Who is a member already has the roles of both; when the two end at
   * different times everything stays as it is, and nothing is answered. May be repeated.
   */
  async bind(context: CallContext, invited: Member): Promise<Stored<Member> | undefined> {
    const { members } = this.parts;
    const user = context.principal.id;
    const own = await members.findBy('place', placeOf({ workspaceId: invited.workspaceId, user }));
    if (own !== undefined) return this.join(context, own.document, invited);
    const joined = boundTo(invited, user);
    const event = this.parts.facts.of(context, memberFact(joined, 'joined'));
    const changed = { updatedBy: user, updatedAt: this.parts.clock.now() };
    const stored = await members.update(invited.id, (member) =>
      member.user === undefined
        ? { document: { ...boundTo(member, user), ...changed }, events: [event] }
        : { document: member, events: [] },
    );
    if (stored?.document.user !== user) throw invitationGone();
    return stored;
  }

  private async join(context: CallContext, own: Member, invited: Member): Promise<Stored<Member> | undefined> {
    const { members, facts, clock } = this.parts;
    const changed = { updatedBy: context.principal.id, updatedAt: clock.now() };
    if (own.id === invited.id || own.expiresAt !== invited.expiresAt) return undefined;
    const stored = await members.update(own.id, (member) => {
      const document = withRoles(member, invited.roles);
      if (document === member) return { document, events: [] };
      return { document: { ...document, ...changed }, events: [facts.of(context, memberFact(document, 'changed'))] };
    });
    const over = (member: Member) => ({ document: null, events: [facts.of(context, memberFact(member, 'left'))] });
    await members.update(invited.id, over).catch(unlessGone);
    return stored;
  }
}
