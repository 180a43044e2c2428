/** What the identity provider gave for a sign-in. */
export interface HeldTokens {
  readonly access: string;
  /** Milliseconds since 1970. */
  readonly accessEndsAt: number;
  readonly refresh?: string;
  /** The ID token, which proves to the provider whose sign-in shall end. */
  readonly id?: string;
}

/** From where somebody came, as their browser says. */
export interface Whence {
  readonly ip: string;
  /** `User-Agent`, cut. */
  readonly agent: string;
}

/** A browser in which somebody is signed in. The browser has the secret that opens it and nothing else; the tokens stay here. */
export interface Session {
  /** What principals name it by. No secret. */
  readonly id: string;
  readonly user: string;
  /** The provider's own name of the sign-in (`sid`), which other clients of the same browser share. */
  readonly issuerSession?: string;
  /** When the person signed in at the provider; milliseconds since 1970, as all times here. */
  readonly signedInAt: number;
  readonly openedAt: number;
  /** When its tokens were last renewed. */
  readonly usedAt: number;
  readonly whence: Whence;
  readonly tokens: HeldTokens;
}

/** Milliseconds a session lives, used or not. */
export const SESSION_LIFE = 30 * 86_400_000;
/** Sessions one person can have; the oldest makes room. */
export const MOST_SESSIONS = 20;
/** Milliseconds before its end at which an access token is renewed: more than a call may take. */
const AHEAD = 60_000;
const LONGEST_AGENT = 200;

/** When the session ends, whatever happens. */
export function endOf({ openedAt }: Session): number {
  return openedAt + SESSION_LIFE;
}

/** Whether the access token should be renewed now. */
export function isDue({ tokens }: Session, now: number): boolean {
  return tokens.accessEndsAt - now < AHEAD;
}

/** Whether the access token still speaks for somebody. */
export function isUsable({ tokens }: Session, now: number): boolean {
  return tokens.accessEndsAt > now;
}

/** The session with new tokens. A provider that keeps the old refresh token or ID token does not send it again. */
export function renewed(session: Session, tokens: HeldTokens, now: number): Session {
  return { ...session, usedAt: now, tokens: { ...session.tokens, ...tokens } };
}

/** The sessions that must go so that there is room for one more. */
export function tooMany<S extends { readonly session: Session }>(sessions: readonly S[]): readonly S[] {
  const byAge = [...sessions].sort((one, other) => one.session.openedAt - other.session.openedAt);
  return byAge.slice(0, Math.max(0, sessions.length - MOST_SESSIONS + 1));
}

export function whenceOf(ip: string, agent: string | undefined): Whence {
  return { ip, agent: (agent ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, LONGEST_AGENT) };
}
