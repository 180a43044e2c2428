import { hash } from 'node:crypto';
import type { Clock } from '@millrace/kernel';
import { compactVerify } from 'jose';
import { Recent } from '../recent';
import { believedUntil, readClaims, type Expected, type Identity } from './claims';
import { readHeader } from './header';
import { KeyRing } from './key-ring';
import type { KeySource } from './key-source';
import { tokenRefused } from './refusals';

/** What to accept, and where the keys come from. */
export interface TokenVerifierOptions extends Expected {
  readonly keys: KeySource;
  readonly clock: Clock;
  /** How many verified tokens are remembered; 20,000 when absent. */
  readonly capacity?: number;
  /** Told when the issuer could not be asked for its keys; the last good ones go on serving. */
  readonly onKeysFailure?: (error: unknown) => void;
}

interface Verified {
  readonly identity: Identity;
  readonly kid: string;
  readonly until: number;
}

/**
 * Turns an access token of the realm into a principal, without asking the issuer. A token verified once is remembered by its hash until
 * it ends or its key is withdrawn. Everybody who comes with a token of the realm is a `user`, a client with its own credentials too:
 * `service` is kept for the platform's own processes.
 */
export class TokenVerifier {
  private readonly ring: KeyRing;
  private readonly verified: Recent<string, Verified>;

  constructor(private readonly options: TokenVerifierOptions) {
    this.ring = new KeyRing(options.keys, options.clock, options.onKeysFailure ?? (() => undefined));
    this.verified = new Recent(options.capacity ?? 20_000);
  }

  /** Who is asking. Refuses with `auth.token_…` (unauthenticated), or `auth.keys_unavailable` before the issuer was ever reached. */
  async verify(token: string | undefined): Promise<Identity> {
    if (token === undefined || token === '') throw tokenRefused('missing');
    const digest = hash('sha256', token, 'base64url');
    const known = this.verified.get(digest);
    if (known !== undefined && known.until > this.options.clock.now() && this.ring.has(known.kid)) return known.identity;
    this.verified.delete(digest);
    const verified = await this.check(token);
    this.verified.set(digest, verified);
    return verified.identity;
  }

  private async check(token: string): Promise<Verified> {
    const { algorithm, kid, isAccessToken } = readHeader(token);
    const key = await this.ring.find(kid, algorithm);
    if (key === undefined) throw tokenRefused('signature');
    const { payload } = await compactVerify(token, key, { algorithms: [algorithm] }).catch(() => {
      throw tokenRefused('signature');
    });
    const identity = readClaims(parsed(payload), isAccessToken, this.options, this.options.clock.now());
    return { identity, kid, until: believedUntil(identity) };
  }
}

function parsed(payload: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (typeof claims === 'object' && claims !== null) return { ...claims };
  } catch {
    // Not JSON: no claims.
  }
  throw tokenRefused('malformed');
}
