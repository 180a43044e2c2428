import { DomainError } from '@millrace/kernel';
import { compactVerify } from 'jose';
import { LEEWAY } from './claims';
import { readHeader } from './header';
import { KeyRing } from './key-ring';
import type { TokenVerifierOptions } from './token-verifier';

/** `events` of every logout token holds it (OpenID Connect Back-Channel Logout 1.0 §2.4). */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const TYPE = 'logout+jwt';
/** No logout token counts longer than this after it was made, in milliseconds. */
const OLDEST = 150_000;

/** What to accept, and where the keys come from. `audience`: the client that is told. */
export type LogoutTokenOptions = Pick<TokenVerifierOptions, 'issuer' | 'audience' | 'keys' | 'clock' | 'onKeysFailure'>;

/** A sign-in that has ended at the issuer. `subject`, `session` or both are there. */
export interface LogoutNotice {
  /** `jti`: the notice counts once. */
  readonly id: string;
  readonly subject?: string;
  readonly session?: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** Reads the tokens by which an issuer tells a client, behind the person's back, that a sign-in has ended. */
export class LogoutTokenVerifier {
  private readonly ring: KeyRing;

  constructor(private readonly options: LogoutTokenOptions) {
    this.ring = new KeyRing(options.keys, options.clock, options.onKeysFailure ?? (() => undefined));
  }

  /** Refuses with `auth.logout_token_invalid`, whatever is wrong; `auth.keys_unavailable` before the issuer was ever reached. */
  async verify(token: string): Promise<LogoutNotice> {
    return this.noticeOf(await this.claimsOf(token));
  }

  private async claimsOf(token: string): Promise<Claims> {
    try {
      const { algorithm, kid } = readHeader(token, [TYPE]);
      const key = await this.ring.find(kid, algorithm);
      if (key === undefined) throw invalid('no key of the issuer signed it');
      const { payload } = await compactVerify(token, key, { algorithms: [algorithm] });
      const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
      return Object(claims) as Claims;
    } catch (error) {
      if (error instanceof DomainError && error.refusal !== 'unauthenticated') throw error;
      throw invalid('it is no JWT that the issuer signed');
    }
  }

  private noticeOf(claims: Claims): LogoutNotice {
    const { issuer, audience } = this.options;
    if (claims['iss'] !== issuer) throw invalid('it comes from another issuer');
    if (![claims['aud']].flat().includes(audience)) throw invalid('it is for another client');
    if (!isNow(claims, this.options.clock.now())) throw invalid('it is not of this moment');
    if (Object.hasOwn(claims, 'nonce') || !saysLogout(claims['events'])) throw invalid('it does not say that a sign-in has ended');
    const [id, subject, session] = [claims['jti'], claims['sub'], claims['sid']].map(text);
    if (id === undefined || (subject ?? session) === undefined) throw invalid('it does not say whose sign-in has ended');
    return { id, ...(subject === undefined ? {} : { subject }), ...(session === undefined ? {} : { session }) };
  }
}

function isNow({ iat, exp }: Claims, now: number): boolean {
  if (typeof iat !== 'number' || (exp !== undefined && typeof exp !== 'number')) return false;
  const made = iat * 1000;
  const end = Math.min(made + OLDEST, exp === undefined ? Infinity : exp * 1000);
  return made <= now + LEEWAY && end + LEEWAY > now;
}

function saysLogout(events: unknown): boolean {
  if (typeof events !== 'object' || events === null) return false;
  const event = (events as Claims)[EVENT];
  return typeof event === 'object' && event !== null;
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' && claim.length <= 255 ? claim : undefined;
}

function invalid(reason: string): DomainError {
  return new DomainError('auth.logout_token_invalid', 'invalid', `The logout token does not count: ${reason}.`);
}
