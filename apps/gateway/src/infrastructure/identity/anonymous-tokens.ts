import type { Identity } from '@millrace/auth';
import { DomainError, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { Visitors, type VisitorToken } from '../../application/ports/visitors';

const ALGORITHM = 'EdDSA';
/** No other token can be taken for one of these. */
const TYPE = 'visitor+jwt';
const AUDIENCE = 'millrace-api';
const KEY_NAME = 'visitors-key';
const DAY = 86_400_000;
/** Milliseconds a token lives, and until when it can be renewed. */
const LIFE = DAY;
const LONGEST = 30 * DAY;
const LEEWAY = 30_000;
const LONGEST_TOKEN = 2_048;

export interface AnonymousTokensOptions {
  /** `iss`: the gateway, as it is reached. */
  readonly issuer: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What one says besides who made it. */
interface Claims {
  readonly sub: string;
  readonly sid: string;
  readonly iat: number;
  readonly exp: number;
  /** When the visitor came first, seconds since 1970. */
  readonly auth_time: number;
}

/** Tokens of visitors: EdDSA JWTs, with a key that all gateways share and that outlives their restart. */
export class AnonymousTokens extends Visitors {
  private constructor(
    private readonly options: AnonymousTokensOptions,
    private readonly jwk: JWK,
    private readonly privateKey: CryptoKey | Uint8Array,
    private readonly publicKey: CryptoKey | Uint8Array,
  ) {
    super();
  }

  /** With the key that is kept in this bucket; makes it when there is none yet. */
  static async open(bucket: Bucket, options: AnonymousTokensOptions): Promise<AnonymousTokens> {
    const jwk = await sharedKey(bucket);
    const { d: _, ...publicHalf } = jwk;
    return new AnonymousTokens(options, jwk, await importJWK(jwk, ALGORITHM), await importJWK(publicHalf, ALGORITHM));
  }

  override async admit(): Promise<VisitorToken> {
    const { ids } = this.options;
    return this.issue(ids.mint('anon'), ids.mint('ses'), this.now());
  }

  override async renew(token: string): Promise<VisitorToken> {
    const { sub, sid, auth_time: since } = await this.claimsOf(token);
    if (this.now() >= since + LONGEST / 1000)
      throw refused('expired', 'This visit has lasted for thirty days. Begin a new one, or sign in.');
    return this.issue(sub, sid, since);
  }

  override isVisitors(token: string): boolean {
    try {
      return token.length <= LONGEST_TOKEN && decodeProtectedHeader(token).typ === TYPE;
    } catch {
      return false;
    }
  }

  override async verify(token: string): Promise<Identity> {
    return identityOf(await this.claimsOf(token));
  }

  private now(): number {
    return Math.floor(this.options.clock.now() / 1000);
  }

  private async issue(sub: string, sid: string, since: number): Promise<VisitorToken> {
    const iat = this.now();
    const claims: Claims = { sub, sid, iat, exp: Math.min(iat + LIFE / 1000, since + LONGEST / 1000), auth_time: since };
    const token = await new SignJWT({ ...claims, iss: this.options.issuer, aud: AUDIENCE })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.jwk.kid ?? '' })
      .sign(this.privateKey);
    return { ...identityOf(claims), token };
  }

  private async claimsOf(token: string): Promise<Claims> {
    if (token.length > LONGEST_TOKEN) throw refused('malformed', 'This is no token of a visitor.');
    const { issuer, clock } = this.options;
    const checks = { algorithms: [ALGORITHM], typ: TYPE, issuer, audience: AUDIENCE, currentDate: new Date(clock.now()) };
    try {
      const { payload } = await jwtVerify(token, this.publicKey, { ...checks, clockTolerance: LEEWAY / 1000 });
      // Nobody else has the key, so the claims are as `issue` writes them.
      return payload as unknown as Claims;
    } catch {
      throw refused('expired', 'The token of this visit has ended, or is none of ours. Begin a new one: POST /v1/auth/anonymous.');
    }
  }
}

function identityOf({ sub, sid, iat, exp }: Claims): Identity {
  const principal: Principal = Object.freeze({ kind: 'anonymous', id: sub, roles: [], session: sid });
  return { principal, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

/** Of two gateways that make a key at once, the first one's is everybody's. */
async function sharedKey(bucket: Bucket): Promise<JWK> {
  const known = await bucket.get(KEY_NAME);
  if (known !== undefined) return JSON.parse(new TextDecoder().decode(known.value)) as JWK;
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const made = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
  try {
    await bucket.putIf(KEY_NAME, new TextEncoder().encode(JSON.stringify(made)), 0);
    return made;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict') throw error;
    return sharedKey(bucket);
  }
}

function refused(fault: string, sentence: string): DomainError {
  return new DomainError(`auth.token_${fault}`, 'unauthenticated', sentence);
}
