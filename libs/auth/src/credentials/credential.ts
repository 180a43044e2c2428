import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `key`: of a workspace, for itself. `token`: personal, for whoever made it. */
export type CredentialKind = 'key' | 'token';

const PREFIXES = { key: 'mrk', token: 'mrp' } as const;
const IDS = { key: 'key', token: 'tok' } as const;
/** Digits of 256 bits, and of 32, to the base 36. */
const SECRET = 50;
const CHECKSUM = 7;
const FORM = new RegExp(`^(mr[kp]_([0-9a-hjkmnp-tv-z]{26})_[0-9a-z]{${SECRET}})([0-9a-z]{${CHECKSUM}})$`);

/** A credential of the platform as it may be kept and sent on: what proves something is its text, and that is not in here. */
export class Credential {
  private constructor(
    readonly kind: CredentialKind,
    /** `key_…` or `tok_…`. */
    readonly id: string,
    /**
     * SHA-256 of the whole text, base64url. A hash made to be slow would add nothing: there are 256 random bits in the text, so nobody can
     * try them all, however fast.
     */
    readonly digest: string,
  ) {}

  /**
   * The text of a new one: `mrk_<id>_<secret>` for a key, `mrp_…` for a token. `id`: `key_…` or `tok_…`; `random`: 32 bytes nobody can
   * guess. The secret ends with a checksum, by which those who search code for credentials tell one from what only looks like it.
   */
  static write(kind: CredentialKind, id: string, random: Uint8Array): string {
    const secret = BigInt(`0x${Buffer.from(random).toString('hex')}`)
      .toString(36)
      .padStart(SECRET, '0');
    const body = `${Credential.prefixOf(kind, id)}_${secret}`;
    return body + checksumOf(body);
  }

  /** Reads what `write` wrote; undefined for any other text, one with a slip of the pen in it too. */
  static read(text: string): Credential | undefined {
    const [, body, id, checksum] = FORM.exec(text) ?? [];
    if (body === undefined || checksumOf(body) !== checksum) return undefined;
    const kind = body.startsWith(PREFIXES.key) ? 'key' : 'token';
    return new Credential(kind, `${IDS[kind]}_${id}`, hash('sha256', text, 'base64url'));
  }

  /** Whether the text was meant to be one, good or not. */
  static isMeantBy(text: string): boolean {
    return /^mr[kp]_/.test(text);
  }

  /** What every text of the key or token begins with: `mrk_` and its id. No secret. */
  static prefixOf(kind: CredentialKind, id: string): string {
    return `${PREFIXES[kind]}_${id.slice(id.indexOf('_') + 1)}`;
  }
}

function checksumOf(body: string): string {
  return crc32(body).toString(36).padStart(CHECKSUM, '0');
}
