import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** `typ` of every passport: no other token can be taken for one. */
export const PASSPORT_TYPE = 'passport+jwt';
export const ALGORITHM = 'EdDSA';

/** The key pair of one service in one process. Made at start and never stored; whoever reads `kid` knows the service and can check the key. */
export class OwnKey {
  private constructor(
    readonly kid: string,
    readonly publicKey: JWK,
    private readonly privateKey: CryptoKey,
  ) {}

  static async make(service: string): Promise<OwnKey> {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
    const jwk = await exportJWK(publicKey);
    return new OwnKey(`${service}.${await calculateJwkThumbprint(jwk)}`, jwk, privateKey);
  }

  async sign(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: PASSPORT_TYPE, kid: this.kid }).sign(this.privateKey);
  }
}

/** The service that `kid` names; undefined when it is no name of a passport key. */
export function serviceOf(kid: string): string | undefined {
  return /^([a-z][a-z0-9-]{0,62})\.[A-Za-z0-9_-]{43}$/.exec(kid)?.[1];
}
