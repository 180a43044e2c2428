import type { Identity } from '@millrace/auth';
import { DomainError, type Clock } from '@millrace/kernel';
import { isDue, isUsable, renewed } from '../../domain/sessions/session';
import type { IdentityProvider } from '../ports/identity-provider';
import type { SessionNews } from '../ports/session-news';
import type { KeptSession, SessionStore } from '../ports/session-store';
import type { Tokens } from '../ports/tokens';

export interface SessionCallersParts {
  readonly sessions: SessionStore;
  readonly provider: IdentityProvider;
  readonly tokens: Tokens;
  readonly news: SessionNews;
  readonly clock: Clock;
}

interface Remembered {
  readonly kept: KeptSession;
  readonly until: number;
}

/** Milliseconds for which a session is not looked up again. Whoever signs out is told of by other means. */
const REMEMBERED = 10_000;
const MOST_REMEMBERED = 10_000;
/** Milliseconds to wait for another gateway that renews the tokens. */
const PATIENCE = 12_000;

/** Turns what a browser brings into a principal. The tokens behind it are renewed before they end, by one gateway, however many ask. */
export class SessionCallers {
  private readonly remembered = new Map<string, Remembered>();
  private readonly renewing = new Map<string, Promise<KeptSession | undefined>>();

  constructor(private readonly parts: SessionCallersParts) {}

  /** Who signed in there. Refuses with `auth.session_ended` (unauthenticated); `auth.provider_away` when the tokens have ended and nobody renews them. */
  async identify(secret: string): Promise<Identity> {
    const kept = await this.fresh(secret);
    if (kept === undefined) throw sessionEnded();
    const { session } = kept;
    const identity = await this.parts.tokens.verify(session.tokens.access);
    return { ...identity, principal: { ...identity.principal, session: session.id }, signedInAt: session.signedInAt };
  }

  /** The session is looked up anew when it is asked for again. */
  forget(secret: string): void {
    this.remembered.delete(secret);
  }

  private async fresh(secret: string): Promise<KeptSession | undefined> {
    const now = this.parts.clock.now();
    const known = this.remembered.get(secret);
    if (known !== undefined && known.until > now && !isDue(known.kept.session, now)) return known.kept;
    const kept = await this.parts.sessions.find(secret);
    const current = kept === undefined || !isDue(kept.session, now) ? kept : await this.renewOnce(kept);
    this.remember(secret, current, now);
    return current;
  }

  private remember(secret: string, kept: KeptSession | undefined, now: number): void {
    this.remembered.delete(secret);
    if (kept === undefined) return;
    this.remembered.set(secret, { kept, until: now + REMEMBERED });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > MOST_REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
  }

  private renewOnce(kept: KeptSession): Promise<KeptSession | undefined> {
    const under = this.renewing.get(kept.key) ?? this.renew(kept).finally(() => this.renewing.delete(kept.key));
    this.renewing.set(kept.key, under);
    return under;
  }

  private async renew(kept: KeptSession): Promise<KeptSession | undefined> {
    const { sessions, clock } = this.parts;
    const giveBack = await sessions.lease(kept);
    if (giveBack === undefined) return isUsable(kept.session, clock.now()) ? kept : sessions.next(kept, PATIENCE);
    try {
      return await this.exchange(kept);
    } catch (error) {
      // A provider that is away signs nobody out: what the person has still counts.
      if (isUsable(kept.session, clock.now())) return kept;
      throw error;
    } finally {
      await giveBack();
    }
  }

  /** A refresh token counts once: should another gateway have used this one just now, what it got is there already. */
  private async exchange(kept: KeptSession): Promise<KeptSession | undefined> {
    const { sessions, provider, news, clock } = this.parts;
    const latest = await sessions.refind(kept);
    if (latest === undefined || latest.revision !== kept.revision) return latest;
    const { refresh } = kept.session.tokens;
    const tokens = refresh === undefined ? undefined : await provider.refresh(refresh);
    if (tokens !== undefined) return sessions.replace(kept, renewed(kept.session, tokens, clock.now()));
    await sessions.remove(kept);
    await news.closed({ reason: 'expired', user: kept.session.user, session: kept.session.id });
    return undefined;
  }
}

function sessionEnded(): DomainError {
  return new DomainError('auth.session_ended', 'unauthenticated', 'You are no longer signed in. Sign in again: GET /v1/auth/sign-in.');
}
