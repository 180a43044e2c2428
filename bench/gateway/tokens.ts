import { KeySource, TokenVerifier } from '@millrace/auth';
import { SystemClock } from '@millrace/service';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { median, perSecond, ratiosOf, spread } from '../rounds/figures.mjs';
import { race } from '../rounds/race.mjs';

const ISSUER = 'http://issuer.bench/realms/millrace';
const TOKENS = 500;

class OneKey extends KeySource {
  constructor(private readonly set: Awaited<ReturnType<KeySource['keys']>>) {
    super();
  }

  override async keys(): Promise<Awaited<ReturnType<KeySource['keys']>>> {
    return this.set;
  }
}

/** What it costs to know who is calling: with a token that was seen before, and with one that was not. */
export async function compareTokens(options: { readonly rounds: number; readonly milliseconds: number }): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = new OneKey({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }] });
  const verifier = (capacity: number): TokenVerifier =>
    new TokenVerifier({ issuer: ISSUER, audience: 'millrace-api', clients: ['millrace-cli'], keys, clock: new SystemClock(), capacity });
  const tokens = await Promise.all(
    Array.from({ length: TOKENS }, (_, nth) =>
      new SignJWT({ azp: 'millrace-cli', typ: 'Bearer', sid: `s${nth}`, scope: 'openid' })
        .setProtectedHeader({ alg: 'RS256', kid: 'bench', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience('millrace-api')
        .setSubject(`user-${nth}`)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    ),
  );
  const verify = (name: string, verifying: TokenVerifier) => ({
    name,
    work: async () => {
      for (const token of tokens) await verifying.verify(token);
      return TOKENS;
    },
  });
  const speeds = await race([verify('seen', verifier(2 * TOKENS)), verify('unseen', verifier(1))], options);
  const of = (name: string): readonly number[] => speeds.get(name) ?? [];
  console.log(
    ` a token that was seen before ${perSecond(of('seen'))}, ${(1e6 / median(of('seen'))).toFixed(1)} µs; one that was not ${perSecond(of('unseen'))}, ${(1e6 / median(of('unseen'))).toFixed(0)} µs; ratio ${spread(ratiosOf(of('seen'), of('unseen')), 0)}`,
  );
}
