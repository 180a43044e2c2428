import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProblemSchema } from '@millrace/contracts';
import { eventsService } from '@millrace/events';
import { gatewayService } from '@millrace/gateway';
import { DomainError } from '@millrace/kernel';
import { runtimeService } from '@millrace/runtime';
import { freePort, person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';

const owner = { ...person('eve'), roles: ['person', 'platform-admin', 'platform-operator'] };

interface Forger {
  readonly claims: JWTPayload;
  /** Keys that those services have published, as far as anybody can tell. */
  readonly keys: Readonly<Record<'gateway' | 'events' | 'runtime', { readonly kid: string; readonly privateKey: CryptoKey }>>;
}

const sign = (claims: JWTPayload, { kid, privateKey }: { kid: string; privateKey: CryptoKey }, typ = 'passport+jwt'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ, kid }).sign(privateKey);

const FORGED: readonly (readonly [string, (forger: Forger) => Promise<string | undefined> | string])[] = [
  ['none', async () => undefined],
  ['rubbish', () => 'gateway'],
  ['one that nobody signed', ({ claims }) => new UnsecuredJWT(claims).encode()],
  ['one for a person, signed by a service that may not speak for people', ({ claims, keys }) => sign(claims, keys.events)],
  [
    'one for another service, signed by the gateway',
    ({ claims, keys }) => sign({ ...claims, principal: { kind: 'service', id: 'workspaces', roles: [] } }, keys.gateway),
  ],
  [
    'one for a service, signed by the runtime',
    ({ claims, keys }) => sign({ ...claims, principal: { kind: 'service', id: 'gateway', roles: [] } }, keys.runtime),
  ],
  [
    'one with the name of the gateway’s key and the key of another',
    ({ claims, keys }) => sign(claims, { ...keys.events, kid: keys.gateway.kid }),
  ],
  ['one whose key nobody published', ({ claims, keys }) => sign(claims, { ...keys.gateway, kid: `gateway.${'a'.repeat(43)}` })],
  ['one that has ended', ({ claims, keys }) => sign({ ...claims, iat: (claims.iat ?? 0) - 60, exp: (claims.exp ?? 0) - 60 }, keys.gateway)],
  ['one that lives too long', ({ claims, keys }) => sign({ ...claims, exp: (claims.exp ?? 0) + 3_600 }, keys.gateway)],
  ['one for elsewhere', ({ claims, keys }) => sign({ ...claims, aud: 'millrace-api' }, keys.gateway)],
  ['an access token', ({ claims, keys }) => sign(claims, keys.gateway, 'at+jwt')],
];

describe('a service', () => {
  let bench: ServiceBench;
  let forger: Forger;

  beforeAll(async () => {
    const gateway = gatewayService({ MILLRACE_PORT: String(await freePort()), MILLRACE_FIRST_PASSWORD: 'a-password-for-tests' });
    bench = await serviceBench(workspacesService(), eventsService({}), runtimeService({}), gateway);
    const now = Math.floor(bench.platform.clock.now() / 1000);
    const claims = { principal: owner, aud: 'millrace', iat: now, exp: now + 30 };
    const keys = { gateway: await published('gateway'), events: await published('events'), runtime: await published('runtime') };
    forger = { claims, keys };
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** A key pair whose public half stands where that service's keys stand. */
  const published = async (service: string): Promise<{ kid: string; privateKey: CryptoKey }> => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const jwk = await exportJWK(publicKey);
    const kid = `${service}.${await calculateJwkThumbprint(jwk)}`;
    await (await bench.platform.keyValue.bucket('identity')).put(kid, new TextEncoder().encode(JSON.stringify(jwk)));
    return { kid, privateKey };
  };

  const calls = () =>
    bench.services.flatMap(({ name, parts }) =>
      parts.surface
        .list()
        .filter(({ method }) => method === 'CALL')
        .map(({ path, permission }) => ({ service: name, subject: path, permission })),
    );

  /** What a call under bare headers is answered with: first a refusal, if it is one. */
  const outcomeOf = async (subject: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const wire = await bench.platform.connect('stranger');
    const message = { body: new Uint8Array(), headers };
    const options = { timeout: 5_000 };
    try {
      const reply = await wire.request(subject, message, options).catch(async (error: unknown) => {
        // It was let in, and waits for something to happen.
        if (error instanceof DomainError && error.code === 'wire.timeout') return undefined;
        for await (const first of wire.stream(subject, message, options)) return first;
        throw new Error(`${subject} answers nothing.`);
      });
      if (reply === undefined) return 'waiting';
      return reply.headers['millrace-outcome'] === 'problem' ? fromBinary(ProblemSchema, reply.body).code : 'answered';
    } finally {
      await wire.close();
    }
  };

  it('says of each of its methods who may call it', () => {
    expect(new Set(calls().map(({ service }) => service))).toEqual(new Set(['workspaces', 'events', 'runtime', 'gateway']));
    expect(calls().filter(({ permission }) => permission === undefined || permission === '')).toEqual([]);
  });

  it.each(FORGED)('answers no call with %s for a passport, whatever the method', async (what, forge) => {
    const passport = await forge(forger);
    const bare = { 'x-user-id': owner.id, 'millrace-user': owner.id, 'millrace-roles': 'platform-admin' };
    const headers = passport === undefined ? bare : { ...bare, 'millrace-principal': passport };
    const outcomes = await Promise.all(calls().map(async ({ subject }) => [subject, await outcomeOf(subject, headers)]));
    const wanted = what === 'none' ? 'auth.passport_missing' : 'auth.passport_invalid';
    expect(outcomes.filter(([, outcome]) => outcome !== wanted)).toEqual([]);
  });

  it('answers a genuine one: the calls above were refused for their passports alone', async () => {
    const passport = await sign(forger.claims, forger.keys.gateway);
    const outcomes = await Promise.all(calls().map(async ({ subject }) => outcomeOf(subject, { 'millrace-principal': passport })));
    expect(outcomes.filter((outcome) => outcome.startsWith('auth.passport'))).toEqual([]);
  });
});
