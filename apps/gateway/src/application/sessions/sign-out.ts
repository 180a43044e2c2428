import { DomainError, type Clock, type Principal } from '@millrace/kernel';
import type { Accounts } from '../ports/accounts';
import type { IdentityProvider } from '../ports/identity-provider';
import type { Revocations } from '../ports/revocations';
import type { ClosingReason, SessionNews } from '../ports/session-news';
import type { KeptSession, SessionStore } from '../ports/session-store';

export interface SignOutParts {
  readonly sessions: SessionStore;
  readonly provider: IdentityProvider;
  readonly accounts: Accounts;
  readonly revocations: Revocations;
  readonly news: SessionNews;
  readonly clock: Clock;
  /** Told of a provider that could not be told that a sign-in is over. */
  readonly onProviderFailure: (error: unknown) => void;
}

/** Milliseconds for which a notice of the provider is remembered, so that it counts once: longer than it is believed. */
const NOTICE_LIFE = 600_000;

/**
 * Ends sessions: for all gateways first, then in the store, then at the identity provider. Should one of these fail, those before it hold,
 * and to do it again does the rest.
 */
export class SignOut {
  constructor(private readonly parts: SignOutParts) {}

  /** Ends the session that the secret opens, here and at the provider. False: it opens none. */
  async here(secret: string): Promise<boolean> {
    const kept = await this.parts.sessions.find(secret);
    if (kept === undefined) return false;
    await this.close(kept, 'signed-out');
    await this.endAtProvider(kept);
    return true;
  }

  /** Ends the sign-in that the tokens of an app came of. */
  async app({ id: user, session: signIn }: Principal): Promise<void> {
    const { revocations, news, accounts, clock } = this.parts;
    if (signIn === undefined) return;
    await revocations.revoke({ kind: 'session', id: signIn, at: clock.now() });
    await news.closed({ reason: 'signed-out', user, signIn });
    await accounts.endSignIn(signIn);
  }

  /** Ends one of the person's own sessions, by the id that `list` tells. Refuses an id that none of them has (`auth.session_not_found`). */
  async one(person: Principal, id: string): Promise<void> {
    assertPerson(person);
    const { id: user } = person;
    const found = (await this.parts.sessions.ofUser(user)).filter(({ session }) => session.id === id);
    if (found.length === 0) throw sessionNotFound(id);
    for (const kept of found) {
      await this.close(kept, 'elsewhere');
      await this.endAtProvider(kept);
    }
  }

  /** Whatever the person was given until now counts no more: sessions here, and the tokens of apps. */
  async everywhere(person: Principal): Promise<void> {
    assertPerson(person);
    await this.closeAll(person.id, 'everywhere');
    await this.parts.accounts.signOut(person.id);
  }

  /** What the provider says has ended there ends here. A notice counts once. */
  async asTold(token: string): Promise<void> {
    const { id, user, issuerSession } = await this.parts.provider.readLogoutToken(token);
    await this.parts.sessions.once(id, NOTICE_LIFE, async () => {
      if (issuerSession !== undefined) await this.signIn(issuerSession);
      else if (user !== undefined) await this.closeAll(user, 'provider');
    });
  }

  /** As `everywhere`, without telling the provider. */
  async closeAll(user: string, reason: ClosingReason): Promise<void> {
    const { sessions, revocations, news, clock } = this.parts;
    await revocations.revoke({ kind: 'user', id: user, at: clock.now() });
    for (const kept of await sessions.ofUser(user)) await sessions.remove(kept);
    await news.closed({ reason, user });
  }

  private async signIn(issuerSession: string): Promise<void> {
    const { sessions, revocations, clock, news } = this.parts;
    await revocations.revoke({ kind: 'session', id: issuerSession, at: clock.now() });
    for (const kept of await sessions.ofIssuerSession(issuerSession)) await this.close(kept, 'provider');
    await news.closed({ reason: 'provider', signIn: issuerSession });
  }

  private async close(kept: KeptSession, reason: ClosingReason): Promise<void> {
    const { sessions, revocations, news, clock } = this.parts;
    const { id, user, issuerSession } = kept.session;
    for (const each of [id, issuerSession])
      if (each !== undefined) await revocations.revoke({ kind: 'session', id: each, at: clock.now() });
    await sessions.remove(kept);
    await news.closed({ reason, user, session: id, ...(issuerSession && { signIn: issuerSession }) });
  }

  /** The person is signed out whether the provider hears of it or not. */
  private async endAtProvider({ session }: KeptSession): Promise<void> {
    const { refresh } = session.tokens;
    if (refresh !== undefined) await this.parts.provider.end(refresh).catch(this.parts.onProviderFailure);
  }
}

/** A token of the person may be in anybody's hands, and narrowed: it ends no sign-in. */
function assertPerson({ kind, scopes }: Principal): void {
  if (kind === 'user' && scopes === undefined) return;
  throw new DomainError(
    'auth.sessions_denied',
    'forbidden',
    'Only a person with a sign-in of their own may end sign-ins: a key or a personal token cannot.',
  );
}

function sessionNotFound(id: string): DomainError {
  return new DomainError(
    'auth.session_not_found',
    'not-found',
    `You have no session "${id.slice(0, 64)}". GET /v1/me/sessions lists yours.`,
  );
}
