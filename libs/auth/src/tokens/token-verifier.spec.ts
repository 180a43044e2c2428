import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet, type JWTPayload } from 'jose';
import { HttpKeySource, KeySource } from './key-source';
import { TokenVerifier } from './token-verifier';

const ISSUER = 'http://127.0.0.1:4000/realms/millrace';
const START = Date.UTC(2026, 10, 21, 12);

let clock: SetClock;
let issuer: Issuer;

beforeEach(() => {
  clock = new SetClock();
  issuer = new Issuer();
});

function verifier(capacity?: number): TokenVerifier {
  return new TokenVerifier({
    issuer: ISSUER,
    audience: 'millrace-api',
    clients: ['millrace-cli'],
    keys: issuer,
    clock,
    onKeysFailure: (error) => issuer.failures.push(error),
    ...(capacity === undefined ? {} : { capacity }),
  });
}

describe('a verified token', () => {
  it('becomes a principal with what the platform needs, and nothing else of the claims', async () => {
    await issuer.rotate('a');
    const token = await issuer.token('a', {
      name: 'Ada Lovelace',
      email: 'ada@millrace.example',
      email_verified: true,
      sid: 'session-1',
      realm_access: { roles: ['person', 'uma_authorization', 'moderator'] },
      phone_number: '1',
    });
    expect(await verifier().verify(token)).toEqual({
      principal: {
        kind: 'user',
        id: 'ada',
        name: 'Ada Lovelace',
        email: 'ada@millrace.example',
        verified: true,
        roles: ['person', 'moderator'],
        session: 'session-1',
      },
      issuedAt: START,
      expiresAt: START + 300_000,
    });
  });

  it('counts for a day at most, whatever it says', async () => {
    await issuer.rotate('a');
    const { expiresAt } = await verifier().verify(await issuer.token('a', { exp: START / 1000 + 10 * 86_400 }));
    expect(expiresAt).toBe(START + 86_400_000);
  });

  it('needs no more than a subject', async () => {
    await issuer.rotate('a');
    const { principal } = await verifier().verify(await issuer.token('a', { preferred_username: 'ada', email: 'ada@millrace.example' }));
    expect(principal).toEqual({ kind: 'user', id: 'ada', name: 'ada', email: 'ada@millrace.example', verified: false, roles: [] });
    expect((await verifier().verify(await issuer.token('a', { realm_access: null }))).principal).toEqual({
      kind: 'user',
      id: 'ada',
      roles: [],
    });
  });

  it('says when the person gave a proof, where the issuer tells a time', async () => {
    await issuer.rotate('a');
    const signedInAt = async (auth_time: unknown) => (await verifier().verify(await issuer.token('a', { auth_time }))).signedInAt;
    expect(await signedInAt(START / 1_000 - 60)).toBe(START - 60_000);
    expect([await signedInAt('soon'), await signedInAt(undefined)]).toEqual([undefined, undefined]);
  });

  it('is remembered: the same principal comes out again', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    const token = await issuer.token('a');
    expect(await subject.verify(token)).toBe(await subject.verify(token));
  });

  it('is remembered among as many as there is room for', async () => {
    await issuer.rotate('a');
    const subject = verifier(1);
    const [first, second] = [await issuer.token('a'), await issuer.token('a', { sub: 'bob' })];
    const before = await subject.verify(first);
    await subject.verify(second);
    expect(await subject.verify(first)).not.toBe(before);
  });

  it('is no longer accepted once it has expired', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    const token = await issuer.token('a');
    await subject.verify(token);
    clock.time += 330_000;
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'auth.token_expired' });
  });

  it('is no longer accepted once its key is withdrawn', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    const token = await issuer.token('a');
    await subject.verify(token);
    await issuer.rotate('b');
    issuer.withdraw('a');
    clock.time += 1_000;
    await subject.verify(await issuer.token('b'));
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'auth.token_signature' });
  });

  it('must be there', async () => {
    await expect(verifier().verify(undefined)).rejects.toMatchObject({ code: 'auth.token_missing', refusal: 'unauthenticated' });
  });
});

describe('the keys of the issuer', () => {
  it('are asked for once, however many tokens come at once', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    const tokens = await Promise.all(['ada', 'bob', 'eve'].map((sub) => issuer.token('a', { sub })));
    await Promise.all(tokens.map((token) => subject.verify(token)));
    expect(issuer.asked).toBe(1);
  });

  it('are asked for again when a token names an unknown one, once in 30 seconds', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    await subject.verify(await issuer.token('a'));
    clock.time += 1_000;
    await issuer.rotate('b');
    await subject.verify(await issuer.token('b'));
    expect(issuer.asked).toBe(2);
    for (let unknown = 0; unknown < 29; unknown++) {
      clock.time += 1_000;
      await expect(subject.verify(await issuer.token('b', {}, `unknown-${unknown}`))).rejects.toMatchObject({
        code: 'auth.token_signature',
      });
    }
    expect(issuer.asked).toBe(2);
    clock.time += 1_000;
    await issuer.rotate('c');
    await subject.verify(await issuer.token('c'));
    expect(issuer.asked).toBe(3);
  });

  it('are asked for again at once, when the issuer changes them right after they were asked for', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    await subject.verify(await issuer.token('a'));
    await issuer.rotate('b');
    await subject.verify(await issuer.token('b'));
    expect(issuer.asked).toBe(2);
  });

  it('are asked for on account of an unknown one, though the issuer was away a moment before', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    await subject.verify(await issuer.token('a'));
    await issuer.rotate('b');
    issuer.away = true;
    await expect(subject.verify(await issuer.token('b'))).rejects.toMatchObject({ code: 'auth.token_signature' });
    issuer.away = false;
    clock.time += 30_000;
    await subject.verify(await issuer.token('b'));
    expect(issuer.asked).toBe(3);
  });

  it('are asked for again after ten minutes, and no token waits for the answer', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    const long = { exp: START / 1000 + 3_600 };
    const tokens = await Promise.all(['ada', 'bob', 'eve'].map((sub) => issuer.token('a', { ...long, sub })));
    await subject.verify(tokens[0]);
    clock.time += 600_000;
    await Promise.all(tokens.map((token) => subject.verify(token)));
    expect(issuer.asked).toBe(2);
  });

  it('overlap: a token of the old key counts as long as the issuer shows it', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    const old = await issuer.token('a');
    await issuer.rotate('b');
    await subject.verify(await issuer.token('b'));
    await subject.verify(old);
  });

  it('serve on while the issuer is away', async () => {
    await issuer.rotate('a');
    const subject = verifier();
    await subject.verify(await issuer.token('a'));
    issuer.away = true;
    clock.time += 600_000;
    await subject.verify(await issuer.token('a', { sub: 'bob', iat: clock.time / 1000, exp: clock.time / 1000 + 300 }));
    await expect(subject.verify(await issuer.token('a', {}, 'unknown'))).rejects.toMatchObject({ code: 'auth.token_signature' });
    expect(issuer.failures).toHaveLength(1);
  });

  it('are missing until the issuer has answered once, and then are there', async () => {
    await issuer.rotate('a');
    issuer.away = true;
    const subject = verifier();
    const token = await issuer.token('a');
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'auth.keys_unavailable', refusal: 'unavailable' });
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'auth.keys_unavailable' });
    expect(issuer.asked).toBe(1);
    issuer.away = false;
    clock.time += 1_000;
    await subject.verify(token);
    expect(issuer.asked).toBe(2);
  });

  it('need nobody to hear of failures', async () => {
    issuer.away = true;
    const subject = new TokenVerifier({ issuer: ISSUER, audience: 'millrace-api', clients: [], keys: issuer, clock });
    await expect(subject.verify(await issuer.token('a'))).rejects.toMatchObject({ code: 'auth.keys_unavailable' });
  });
});

describe('HttpKeySource', () => {
  it('reads the set from the address', async () => {
    await answering(
      (_, response) => response.end('{"keys":[{"kty":"OKP","kid":"a"}]}'),
      async (address) => expect(await new HttpKeySource(address).keys()).toEqual({ keys: [{ kty: 'OKP', kid: 'a' }] }),
    );
  });

  it.each<[string, RequestListener]>([
    ['a refusal', (_, response) => response.writeHead(500).end('{"keys":[]}')],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['something that is no key set', (_, response) => response.end('{"keys":"none"}')],
    ['null', (_, response) => response.end('null')],
    ['no JSON', (_, response) => response.end('<html>')],
    ['too much', (_, response) => response.end(`{"keys":[]${' '.repeat(262_144)}}`)],
  ])('rejects when the issuer answers %s', async (_, listener) => {
    await answering(listener, async (address) => expect(new HttpKeySource(address).keys()).rejects.toThrow());
  });
});

async function answering(listener: RequestListener, use: (address: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

class SetClock extends Clock {
  time = START;

  override now(): number {
    return this.time;
  }
}

/** An issuer that shows the keys it has rotated in, and counts who asks. */
class Issuer extends KeySource {
  away = false;
  asked = 0;
  readonly failures: unknown[] = [];
  private readonly pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();

  override async keys(): Promise<JSONWebKeySet> {
    this.asked += 1;
    if (this.away) throw new Error('The issuer is away.');
    const keys = [...this.pairs].map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' }));
    return { keys: await Promise.all(keys) };
  }

  async rotate(kid: string): Promise<void> {
    this.pairs.set(kid, await generateKeyPair('ES256'));
  }

  withdraw(kid: string): void {
    this.pairs.delete(kid);
  }

  async token(key: string, claims: JWTPayload = {}, kid = key): Promise<string> {
    const { privateKey } = this.pairs.get(key) ?? (await generateKeyPair('ES256'));
    const usual = { iss: ISSUER, aud: 'millrace-api', azp: 'millrace-cli', sub: 'ada', iat: START / 1000, exp: START / 1000 + 300 };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' }).sign(privateKey);
  }
}
