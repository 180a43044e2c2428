import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ANONYMOUS, Clock, servicePrincipal, type Principal } from '@millrace/kernel';
import { KeyValue, SqliteKeyValue, type Bucket } from '@millrace/messaging';
import {
  base64url,
  generateKeyPair,
  SignJWT,
  exportJWK,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  decodeJwt,
  UnsecuredJWT,
  type CryptoKey,
} from 'jose';
import { SignedPassports } from './signed-passports';

const START = Date.UTC(2026, 10, 21, 12);
const ada: Principal = { kind: 'user', id: 'usr_ada', name: 'Ada', roles: ['person'], session: 'ses_1' };
const automation: Principal = { kind: 'automation', id: 'aut_1', roles: [], workspace: 'ws_1', onBehalfOf: 'usr_ada' };

let clock: SetClock;
let keyValue: KeyValue;
let open: SignedPassports[];

beforeEach(() => {
  clock = new SetClock();
  keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((passports) => passports.close()));
  await keyValue.close();
});

async function passportsOf(service: string, options: { keyLifetime?: number; capacity?: number } = {}): Promise<SignedPassports> {
  const passports = await SignedPassports.create({ service, keyValue, clock, ...options });
  open.push(passports);
  return passports;
}

describe('a passport', () => {
  it('says on the other side who is asking', async () => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('workspaces')]);
    expect(await workspaces.verify(await gateway.sign(ada, 30_000))).toEqual(ada);
  });

  it('is found by a key that was published after the verifier started', async () => {
    const workspaces = await SignedPassports.create({ service: 'workspaces', keyValue: new DeafKeyValue(keyValue), clock });
    const gateway = await passportsOf('gateway');
    expect(await workspaces.verify(await gateway.sign(ada, 30_000))).toEqual(ada);
  });

  it('lives as long as asked and at most 3 seconds longer, never beyond a minute', async () => {
    const gateway = await passportsOf('gateway');
    for (const lifetime of [1, 999, 5_000, 30_000, 56_999, 60_000, 3_600_000]) {
      clock.time += 1_234;
      const { exp = 0, iat = 0 } = decodeJwt(await gateway.sign(ada, lifetime));
      const life = exp * 1000 - clock.time;
      expect(life).toBeGreaterThanOrEqual(Math.min(lifetime, 57_000));
      expect(life).toBeLessThan(lifetime + 3_000);
      expect(exp - iat).toBeLessThanOrEqual(60);
    }
  });

  it('is shared by the calls of one moment for the same principal only', async () => {
    const gateway = await passportsOf('gateway');
    const first = await gateway.sign(ada, 30_000);
    expect(await gateway.sign({ ...ada }, 30_000)).toBe(first);
    expect(await gateway.sign({ ...ada, roles: ['person', 'moderator'] }, 30_000)).not.toBe(first);
    clock.time += 3_000;
    expect(await gateway.sign(ada, 30_000)).not.toBe(first);
  });

  it('is no longer believed once it has ended, though it was verified before', async () => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('workspaces')]);
    const token = await gateway.sign(ada, 10_000);
    await workspaces.verify(token);
    expect(await workspaces.verify(token)).toEqual(ada);
    clock.time += 13_000;
    await expect(workspaces.verify(token)).rejects.toMatchObject({ code: 'auth.passport_invalid', refusal: 'unauthenticated' });
  });

  it('is no longer believed once its key is gone', async () => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('workspaces')]);
    const token = await gateway.sign(ada, 30_000);
    await workspaces.verify(token);
    await (await keyValue.bucket('identity')).delete(decodeProtectedHeader(token).kid ?? '');
    await expect(workspaces.verify(token)).rejects.toMatchObject({ code: 'auth.passport_invalid' });
  });

  it('must be there', async () => {
    const workspaces = await passportsOf('workspaces');
    for (const token of [undefined, '']) {
      await expect(workspaces.verify(token)).rejects.toMatchObject({ code: 'auth.passport_missing', refusal: 'unauthenticated' });
    }
  });
});

describe('a service', () => {
  it.each([
    ['gateway', { kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' }],
    ['gateway', { kind: 'worker', id: 'wrk_1', roles: [] }],
    ['gateway', ANONYMOUS],
    ['gateway', automation],
    ['runtime', automation],
    ['runtime', servicePrincipal('runtime')],
    ['events', servicePrincipal('events')],
  ] as const)('%s may say %j', async (service, principal) => {
    const [signer, verifier] = await Promise.all([passportsOf(service), passportsOf('workspaces')]);
    expect(await verifier.verify(await signer.sign(principal, 5_000))).toEqual(principal);
  });

  it.each([
    ['events', ada],
    ['events', servicePrincipal('runtime')],
    ['gateway', servicePrincipal('runtime')],
    ['runtime', ada],
    ['runtime', ANONYMOUS],
    ['constructor', ada],
  ] as const)('%s may not say %j', async (service, principal) => {
    const signer = await passportsOf(service);
    await expect(signer.sign(principal, 5_000)).rejects.toMatchObject({ code: 'auth.principal_not_ours', refusal: 'forbidden' });
  });

  it('cannot speak for a caller it has just met: it passes on the passport instead', async () => {
    const [gateway, runtime, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('runtime'), passportsOf('workspaces')]);
    const passport = await gateway.sign(ada, 30_000);
    const caller = await runtime.verify(passport);
    await expect(runtime.sign(caller, 10_000)).rejects.toMatchObject({ code: 'auth.principal_not_ours' });
    expect(await workspaces.verify(passport)).toEqual(ada);
  });

  it('keeps its key published as long as it signs', async () => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway', { keyLifetime: 10_000 }), passportsOf('workspaces')]);
    for (let step = 0; step < 5; step++) {
      clock.time += 6_000;
      expect(await workspaces.verify(await gateway.sign(ada, 5_000))).toEqual(ada);
    }
    const published = await (await keyValue.bucket('identity')).list('gateway.');
    expect(published).toHaveLength(1);
    clock.time += 10_000;
    expect(await (await keyValue.bucket('identity')).list('gateway.')).toEqual([]);
  });
});

describe('a forged passport', () => {
  type Forge = (parts: {
    genuine: string;
    privateKey: CryptoKey;
    kid: string;
    claims: Record<string, unknown>;
  }) => Promise<string> | string;
  const header = { alg: 'EdDSA', typ: 'passport+jwt' };
  const signed = (claims: Record<string, unknown>, privateKey: CryptoKey, extra: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ ...header, ...extra }).sign(privateKey);

  const forgeries: readonly (readonly [string, Forge])[] = [
    ['that is no token', () => 'gateway'],
    ['that is too long', ({ genuine }) => genuine + 'a'.repeat(8_192)],
    ['without a signature', ({ genuine }) => genuine.replace(/[^.]+$/, '')],
    ['with another payload', ({ genuine, claims }) => replacePart(genuine, 1, { ...claims, principal: { ...ada, id: 'usr_eve' } })],
    ['that is unsecured', ({ claims }) => new UnsecuredJWT(claims).encode()],
    ['that names no key', ({ claims, privateKey }) => signed(claims, privateKey, {})],
    ['whose key names no service', ({ claims, privateKey, kid }) => signed(claims, privateKey, { kid: kid.slice(kid.indexOf('.')) })],
    ['whose key is a path', ({ claims, privateKey }) => signed(claims, privateKey, { kid: `../gateway.${'a'.repeat(43)}` })],
    ['whose key nobody published', ({ claims, privateKey }) => signed(claims, privateKey, { kid: `gateway.${'a'.repeat(43)}` })],
    [
      'that names the key of another',
      ({ claims, privateKey, genuine }) => signed(claims, privateKey, { kid: decodeProtectedHeader(genuine).kid }),
    ],
    ['of another type', ({ claims, privateKey, kid }) => signed(claims, privateKey, { kid, typ: 'JWT' })],
    ['for another audience', ({ claims, privateKey, kid }) => signed({ ...claims, aud: 'elsewhere' }, privateKey, { kid })],
    ['that never ends', ({ claims: { exp: _, ...claims }, privateKey, kid }) => signed(claims, privateKey, { kid })],
    ['without a beginning', ({ claims: { iat: _, ...claims }, privateKey, kid }) => signed(claims, privateKey, { kid })],
    ['that lives too long', ({ claims, privateKey, kid }) => signed({ ...claims, exp: START / 1000 + 61 }, privateKey, { kid })],
    ['from the future', ({ claims, privateKey, kid }) => signed({ ...claims, iat: START / 1000 + 6 }, privateKey, { kid })],
    ['that has ended', ({ claims, privateKey, kid }) => signed({ ...claims, exp: START / 1000 }, privateKey, { kid })],
    ['for nobody', ({ claims: { principal: _, ...claims }, privateKey, kid }) => signed(claims, privateKey, { kid })],
    ['for a nameless one', ({ claims, privateKey, kid }) => signed({ ...claims, principal: { ...ada, id: '' } }, privateKey, { kid })],
    [
      'for an unknown kind',
      ({ claims, privateKey, kid }) => signed({ ...claims, principal: { ...ada, kind: 'god' } }, privateKey, { kid }),
    ],
    [
      'with roles that are no texts',
      ({ claims, privateKey, kid }) => signed({ ...claims, principal: { ...ada, roles: [1] } }, privateKey, { kid }),
    ],
    ['with no roles', ({ claims, privateKey, kid }) => signed({ ...claims, principal: { ...ada, roles: undefined } }, privateKey, { kid })],
  ];

  it.each(forgeries)('%s is refused', async (_, forge) => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('workspaces')]);
    const genuine = await gateway.sign(ada, 30_000);
    const { kid, privateKey } = await publishedKey('gateway');
    const token = await forge({ genuine, privateKey, kid, claims: decodeJwt(genuine) });
    await expect(workspaces.verify(token)).rejects.toMatchObject({ code: 'auth.passport_invalid', refusal: 'unauthenticated' });
  });

  it('by a service that speaks for more than it may is refused', async () => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('workspaces')]);
    const { kid, privateKey } = await publishedKey('events');
    const token = await signed(decodeJwt(await gateway.sign(ada, 30_000)), privateKey, { kid });
    await expect(workspaces.verify(token)).rejects.toMatchObject({ code: 'auth.passport_invalid' });
  });

  it('by a key that is no key is refused', async () => {
    const [gateway, workspaces] = await Promise.all([passportsOf('gateway'), passportsOf('workspaces')]);
    const { privateKey } = await publishedKey('gateway');
    for (const [at, rubbish] of ['rubbish', '{"kty":"oct","k":"c2VjcmV0"}'].entries()) {
      const kid = `gateway.${String(at).repeat(43)}`;
      await (await keyValue.bucket('identity')).put(kid, new TextEncoder().encode(rubbish));
      const token = await signed(decodeJwt(await gateway.sign(ada, 30_000)), privateKey, { kid });
      await expect(workspaces.verify(token)).rejects.toMatchObject({ code: 'auth.passport_invalid' });
    }
  });
});

async function publishedKey(service: string): Promise<{ kid: string; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const jwk = await exportJWK(publicKey);
  const kid = `${service}.${await calculateJwkThumbprint(jwk)}`;
  await (await keyValue.bucket('identity')).put(kid, new TextEncoder().encode(JSON.stringify(jwk)));
  return { kid, privateKey };
}

function replacePart(token: string, at: number, value: unknown): string {
  return token
    .split('.')
    .map((part, index) => (index === at ? base64url.encode(JSON.stringify(value)) : part))
    .join('.');
}

class SetClock extends Clock {
  time = START;

  override now(): number {
    return this.time;
  }
}

/** A store whose watchers hear nothing after the start, as over a network that has just broken. */
class DeafKeyValue extends KeyValue {
  constructor(private readonly inner: KeyValue) {
    super();
  }

  override async bucket(name: string): Promise<Bucket> {
    const inner = await this.inner.bucket(name);
    return Object.assign(Object.create(inner) as Bucket, { watch: async () => ({ stop: async () => undefined }) });
  }

  override close(): Promise<void> {
    return this.inner.close();
  }
}
