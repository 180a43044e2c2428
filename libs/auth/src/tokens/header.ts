import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { tokenRefused } from './refusals';

/** The signatures an access token may have; none rests on a secret shared with the issuer. */
export const ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Parameters that would let a token choose its own key, or change how it is read. */
const REFUSED = ['jku', 'x5u', 'jwk', 'x5c', 'crit', 'b64', 'zip', 'enc'];
const LONGEST_TOKEN = 8_192;
const LONGEST_KID = 255;

/** What the header says of how to check the token. */
export interface TokenHeader {
  readonly algorithm: string;
  readonly kid: string;
  /** Whether the header itself says that this is an access token (RFC 9068). */
  readonly isAccessToken: boolean;
}

/** Reads the header of a token nobody has checked yet; refuses what no token for us has. `types`: what `typ` may say besides an access token's. */
export function readHeader(token: string, types: readonly string[] = []): TokenHeader {
  const header = decoded(token);
  if (REFUSED.some((name) => Object.hasOwn(header, name))) throw tokenRefused('header');
  if (typeof header.alg !== 'string' || !ALGORITHMS.includes(header.alg)) throw tokenRefused('algorithm');
  if (typeof header.kid !== 'string' || header.kid.length > LONGEST_KID) throw tokenRefused('signature');
  return { algorithm: header.alg, kid: header.kid, isAccessToken: isAccessType(header.typ, types) };
}

function decoded(token: string): ProtectedHeaderParameters {
  if (token.length > LONGEST_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw tokenRefused('malformed');
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw tokenRefused('malformed');
  }
}

function isAccessType(typ: unknown, others: readonly string[]): boolean {
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ;
  if (name !== undefined && !(typeof name === 'string' && ['jwt', 'at+jwt', ...others].includes(name))) throw tokenRefused('type');
  return name === 'at+jwt';
}
