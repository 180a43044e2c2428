import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import { returnPath } from '../../domain/sessions/return-path';
import { SESSION_LIFE, tooMany, whenceOf, type HeldTokens, type Session, type Whence } from '../../domain/sessions/session';
import type { IdentityProvider, SignInChecks } from '../ports/identity-provider';
import type { Revocations } from '../ports/revocations';
import type { Seal } from '../ports/seal';
import type { ClosingReason, SessionNews } from '../ports/session-news';
import type { KeptSession, SessionStore } from '../ports/session-store';
import type { Tokens } from '../ports/tokens';
import type { Visits } from './visits';

export interface SignInParts {
  readonly provider: IdentityProvider;
  readonly sessions: SessionStore;
  readonly tokens: Tokens;
  readonly visits: Visits;
  readonly seal: Seal;
  readonly revocations: Revocations;
  readonly news: SessionNews;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What a sign-in shall be. */
export interface Wish {
  /** Where to go in the end; the console when absent. */
  readonly returnTo?: string | undefined;
  /** The token of an anonymous session that shall go on as the person's. */
  readonly link?: string | undefined;
  /** Whether somebody who is signed in at the provider gives a proof again. */
  readonly fresh?: boolean;
}

/** A sign-in under way: where the browser goes, and what it must bring back. */
export interface BegunSignIn {
  readonly url: string;
  /** Sealed; the browser keeps it until it comes back. */
  readonly ticket: string;
  /** What the provider gives back with its answer, which finds the ticket. */
  readonly state: string;
  /** Milliseconds the ticket counts. */
  readonly life: number;
}

/** What a browser comes back with. */
export interface Answer {
  /** The whole address it was sent to. */
  readonly callback: string;
  readonly ticket: string | undefined;
  /** What opened its session until now. */
  readonly secret: string | undefined;
  readonly whence: { readonly ip: string; readonly agent: string | undefined };
}

export interface SignedIn {
  /** What opens the session. */
  readonly secret: string;
  readonly returnTo: string;
  /** Milliseconds the session can last. */
  readonly life: number;
}

interface Ticket extends SignInChecks {
  readonly returnTo: string;
  readonly link?: string;
  readonly endsAt: number;
}

/** Milliseconds a person may take to sign in. */
const TICKET_LIFE = 600_000;
const PURPOSE = 'sign-in';
const HOME = '/console/';

/** Signs people in by the browser: sends it to the identity provider, and takes it up when it comes back. */
export class SignIn {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Refuses what leads to another origin (`api.return_invalid`), and a link that proves nobody (`auth.token_…`).
   */
  async begin({ returnTo: asked, link, fresh = false }: Wish): Promise<BegunSignIn> {
    const { provider, seal, clock, visits } = this.parts;
    const returnTo = returnPath(asked ?? HOME);
    if (returnTo === undefined) throw returnInvalid();
    const linked = link === undefined ? undefined : await visits.sessionOf(link);
    const { url, checks } = await provider.begin(fresh);
    const ticket: Ticket = { ...checks, returnTo, endsAt: clock.now() + TICKET_LIFE, ...(linked && { link: linked }) };
    return { url, ticket: seal.seal(JSON.stringify(ticket), PURPOSE), state: checks.state, life: TICKET_LIFE };
  }

  /** A session for whoever signed in; the one the browser had before is over. Refuses with `auth.sign_in_…`, and tells the log so. */
  async finish(answer: Answer): Promise<SignedIn> {
    const { provider, sessions, news } = this.parts;
    const whence = whenceOf(answer.whence.ip, answer.whence.agent);
    try {
      const { returnTo, link, ...checks } = this.read(answer.ticket);
      const session = await this.sessionOf(await provider.redeem(answer.callback, checks), link, whence);
      await this.makeRoom(session, answer.secret);
      const secret = await sessions.open(session);
      await news.opened(session);
      return { secret, returnTo, life: SESSION_LIFE };
    } catch (error) {
      if (error instanceof DomainError) await news.refused(error.code, whence);
      throw error;
    }
  }

  private read(sealed: string | undefined): Ticket {
    const text = sealed === undefined ? undefined : this.parts.seal.open(sealed, PURPOSE);
    const ticket = text === undefined ? undefined : (JSON.parse(text) as Ticket);
    if (ticket === undefined || ticket.endsAt <= this.parts.clock.now()) throw signInExpired();
    return ticket;
  }

  private async sessionOf(tokens: HeldTokens, link: string | undefined, whence: Whence): Promise<Session> {
    const { clock, ids } = this.parts;
    const { principal, signedInAt } = await this.parts.tokens.verify(tokens.access);
    const now = clock.now();
    const issuerSession = principal.session;
    const times = { signedInAt: signedInAt ?? now, openedAt: now, usedAt: now };
    return { id: link ?? ids.mint('ses'), user: principal.id, ...times, whence, tokens, ...(issuerSession && { issuerSession }) };
  }

  private async makeRoom(session: Session, secret: string | undefined): Promise<void> {
    const { sessions } = this.parts;
    const before = secret === undefined ? undefined : await sessions.find(secret);
    if (before !== undefined) await this.replace(before, session, 'renewed');
    for (const each of tooMany(await sessions.ofUser(session.user))) await this.replace(each, session, 'too-many');
  }

  /** The sign-in at the provider goes on: the new session may be of the same one. So may its name, when both go on for one visitor. */
  private async replace(old: KeptSession, { id: next }: Session, reason: ClosingReason): Promise<void> {
    const { sessions, revocations, news, clock } = this.parts;
    const { id, user } = old.session;
    await sessions.remove(old);
    if (id === next) return;
    await revocations.revoke({ kind: 'session', id, at: clock.now() });
    await news.closed({ reason, user, session: id });
  }
}

function returnInvalid(): DomainError {
  return new DomainError(
    'api.return_invalid',
    'invalid',
    'A sign-in leads back to a path of this address only: "return" must begin with one slash, as in /console/.',
  );
}

function signInExpired(): DomainError {
  return new DomainError(
    'auth.sign_in_expired',
    'unauthenticated',
    'This sign-in did not begin in this browser, or took longer than ten minutes. Start again.',
  );
}
