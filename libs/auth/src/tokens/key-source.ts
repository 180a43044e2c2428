import type { JSONWebKeySet } from 'jose';

/** Where the issuer's public keys come from. */
export abstract class KeySource {
  /** The keys the issuer signs with now, and those it signed with a moment ago. Rejects when the issuer cannot be asked. */
  abstract keys(): Promise<JSONWebKeySet>;
}

const PATIENCE = 5_000;
const LARGEST_SET = 262_144;

/** The key set of an issuer over HTTP, from an address in the settings and never from one in a token. */
export class HttpKeySource extends KeySource {
  constructor(private readonly address: string) {
    super();
  }

  override async keys(): Promise<JSONWebKeySet> {
    const answer = await fetch(this.address, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await answer.text();
    if (!answer.ok || text.length > LARGEST_SET)
      throw new Error(`${this.address} answered ${answer.status} with ${text.length} characters.`);
    const set: unknown = JSON.parse(text);
    if (!isKeySet(set)) throw new Error(`${this.address} answered no key set.`);
    return set;
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}
