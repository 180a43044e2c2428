import type { Clock } from '@millrace/kernel';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import { ALGORITHMS } from './header';
import type { KeySource } from './key-source';
import { keysUnavailable } from './refusals';

/** Milliseconds after which the keys are asked for again, so that a withdrawn one goes. */
const FRESH = 600_000;
/** Milliseconds between two questions on account of unknown keys. */
const UNKNOWN_REST = 30_000;
/** Milliseconds until an issuer that did not answer is asked again. */
const TRY_REST = 1_000;

/**
 * The issuer's keys by `kid`. The last good set serves while the issuer is away. A key that is not in the set makes it be asked for
 * again, once in 30 seconds at most, however many unknown keys are tried.
 */
export class KeyRing {
  private keys?: ReadonlyMap<string, JWK>;
  private imported = new Map<string, Promise<CryptoKey | undefined>>();
  private fetchedAt = -Infinity;
  private failedAt = -Infinity;
  private missedAt = -Infinity;
  private asking?: Promise<void> | undefined;

  constructor(
    private readonly source: KeySource,
    private readonly clock: Clock,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Whether the issuer's last set holds the key. */
  has(kid: string): boolean {
    return this.keys?.has(kid) ?? false;
  }

  /** The key, for this algorithm alone; undefined when the issuer has none such. `auth.keys_unavailable` before the first set. */
  async find(kid: string, algorithm: string): Promise<CryptoKey | undefined> {
    await this.freshen(kid);
    if (this.keys === undefined) throw keysUnavailable();
    const jwk = this.keys.get(kid);
    if (jwk === undefined || (jwk.alg ?? algorithm) !== algorithm) return undefined;
    return this.importOnce(kid, algorithm, jwk);
  }

  private async freshen(kid: string): Promise<void> {
    const now = this.clock.now();
    if (this.asking !== undefined && !this.has(kid)) return this.asking;
    if (now - this.failedAt < TRY_REST) return;
    if (this.keys === undefined) return this.ask(now);
    if (!this.has(kid) && now - this.missedAt >= UNKNOWN_REST) {
      this.missedAt = now;
      return this.ask(now);
    }
    if (now - this.fetchedAt >= FRESH) void this.ask(now);
  }

  private ask(now: number): Promise<void> {
    this.asking ??= this.fetch(now).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async fetch(now: number): Promise<void> {
    try {
      const { keys } = await this.source.keys();
      this.keys = new Map(keys.filter(isUsable).map((key) => [key.kid, key]));
      this.imported = new Map();
      this.fetchedAt = this.clock.now();
    } catch (error) {
      this.failedAt = now;
      this.onFailure(error);
    }
  }

  private importOnce(kid: string, algorithm: string, jwk: JWK): Promise<CryptoKey | undefined> {
    const name = `${algorithm} ${kid}`;
    const known = this.imported.get(name) ?? imported(jwk, algorithm);
    this.imported.set(name, known);
    return known;
  }
}

function isUsable(key: JWK): key is JWK & { readonly kid: string } {
  return (
    typeof key.kid === 'string' &&
    key.kty !== 'oct' &&
    (key.use ?? 'sig') === 'sig' &&
    (key.alg === undefined || ALGORITHMS.includes(key.alg))
  );
}

/** A key that does not fit the algorithm is no key for it. */
async function imported(jwk: JWK, algorithm: string): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK(jwk, algorithm);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}
