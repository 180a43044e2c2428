import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { subjectOf } from '@millrace/contracts';
import { ANONYMOUS, DomainError, type Clock, type Principal } from '@millrace/kernel';
import { Bus, BusServer, LocalHub, Passports, SqliteKeyValue, type CallContext, type KeyValue, type Wire } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { SystemClock } from '@millrace/service';
import { IdentifyCaller } from '../src/application/identify-caller';
import { SealedCursors } from '../src/application/cursors/sealed-cursors';
import { RepeatedCalls } from '../src/application/repeats/repeated-calls';
import type { Tokens } from '../src/application/ports/tokens';
import { KeyValueCallRecords } from '../src/infrastructure/repeats/key-value-call-records';
import { AesSeal } from '../src/infrastructure/sealing/aes-seal';
import { callRoutes } from '../src/interface/http/calls/call-route';
import { Calls } from '../src/interface/http/calls/calls';
import { Paging } from '../src/interface/http/calls/paging';
import { PUBLIC_SERVICES } from '../src/interface/http/calls/public-services';
import { Repeats } from '../src/interface/http/calls/repeats';
import { HAND_ROUTES } from '../src/interface/http/hand-routes/all';
import { Door, type DoorOptions } from '../src/interface/http/door/door';
import { Origins } from '../src/interface/http/origins';
import { Cookies } from '../src/interface/http/auth/cookies';
import { HttpCallers } from '../src/interface/http/auth/http-callers';
import type { Policies } from '../src/interface/http/policies/policies';
import type { Routes } from '../src/interface/http/routes';
import { isSocketUpgrade } from '../src/interface/sockets/upgrades';
import { Lines } from './lines';

export const ISSUER = 'http://issuer.test/realms/millrace';
export const ANNA: Principal = Object.freeze({ kind: 'user', id: 'anna', name: 'Anna', roles: ['person'] });

/** A token that the stage's `tokens` take for Anna's. */
export const ANNAS_TOKEN = jwtLike({ iss: ISSUER, sub: 'anna' });
/** A program with an API key. */
export const KEY: Principal = Object.freeze({ kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' });
/** A token that the stage's `tokens` take for the key's. */
export const KEYS_TOKEN = jwtLike({ iss: ISSUER, sub: 'key_1' });
export const EXPIRED_TOKEN = jwtLike({ iss: ISSUER, sub: 'anna', exp: 1 });

/** What the services behind the door answer, by method. */
export type Handler = (request: never, context: CallContext) => unknown;

export interface StageOptions {
  readonly handlers?: readonly (readonly [DescMethod, Handler])[];
  readonly services?: readonly DescService[];
  readonly origins?: readonly string[];
  /** Where the door says it is. */
  readonly publicUrl?: string;
  /** More routes, made from what the stage stands on. */
  readonly routes?: (parts: StageParts) => readonly Routes[];
  /** Policies that hold, and the bus as they guard it; nobody is limited when absent. */
  readonly policies?: (parts: StageParts) => Promise<{ readonly policies: Policies; readonly bus: Bus }>;
}

export interface StageParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly callers: HttpCallers;
  readonly door: Door;
  readonly log: Lines;
  readonly metrics: Metrics;
  readonly passports: Passports;
  readonly keyValue: KeyValue;
  readonly wire: Wire;
  readonly policies: Pick<Policies, 'count' | 'patience'>;
}

export interface Stage extends StageParts, AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Calls as Anna unless the headers say otherwise. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends the path as it is written: `fetch` would tidy it. */
  raw(method: string, path: string, headers?: Record<string, string>): Promise<IncomingMessage>;
}

/** A door on a free port, with services that answer as told, on a wire in this process. */
export async function openStage({
  handlers = [],
  services = PUBLIC_SERVICES,
  origins = [],
  publicUrl = 'http://door.test',
  routes = () => [],
  policies,
}: StageOptions = {}): Promise<Stage> {
  const hub = new LocalHub();
  const [wire, clock, log, passports, metrics] = [
    hub.connect(),
    new SystemClock(),
    new Lines(),
    new PlainPassports(),
    new Metrics('gateway'),
  ];
  const server = new BusServer({ wire: hub.connect(), passports, clock, log });
  for (const [method, handle] of handlers) server.addHandler(subjectOf(method), handle as never, false, { method });
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  const door = doorOf({ origins: new Origins(origins), log, metrics, publicUrl });
  const keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  const free: StageParts = {
    bus: new Bus(wire, passports, clock),
    clock,
    callers: callersOf(TOKENS),
    door,
    log,
    metrics,
    passports,
    keyValue,
    wire,
    policies: { count: () => Promise.resolve(), patience: (_, declared = 30_000) => declared },
  };
  const held = await policies?.(free);
  const parts = { ...free, ...held };
  const fastify = door.getInstance();
  const calls = await callsOf(services, parts);
  for (const each of [...(held === undefined ? [] : [held.policies]), calls, ...routes(parts)]) each.mount(fastify);
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = fastify.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    ...parts,
    port,
    url,
    call: (method, path, body, headers) => call(`${url}${path}`, method, body, headers),
    raw: (method, path, headers = {}) => rawRequest(port, method, path, headers),
    async [Symbol.asyncDispose](): Promise<void> {
      await fastify.close();
      await server.close();
      await wire.close();
      await keyValue.close();
    },
  };
}

function doorOf(parts: Pick<DoorOptions, 'origins' | 'log' | 'metrics' | 'publicUrl'>): Door {
  const settings = { host: '127.0.0.1', port: 0 };
  return new Door({ ...settings, ...parts, mintRequestId: () => 'req_minted', shouldUpgrade: isSocketUpgrade });
}

async function callsOf(services: readonly DescService[], parts: StageParts): Promise<Calls> {
  const { keyValue, clock, log } = parts;
  const seal = await AesSeal.open(await keyValue.bucket('cursors'));
  const records = new KeyValueCallRecords(await keyValue.bucket('idempotency'), seal);
  const repeats = new Repeats(new RepeatedCalls({ records, clock, log }));
  const paging = new Paging(new SealedCursors(seal, clock));
  return new Calls({ routes: callRoutes(services), others: HAND_ROUTES, repeats, paging, ...parts });
}

/** Who comes with one of these tokens; nobody has a session. */
function callersOf(tokens: Tokens): HttpCallers {
  const sessions = { identify: () => Promise.reject(new DomainError('auth.session_ended', 'unauthenticated', 'No session.')) };
  const credentials = { identify: () => Promise.reject(new DomainError('auth.credential_unknown', 'unauthenticated', 'No such key.')) };
  const callers = new IdentifyCaller({ tokens, sessions, credentials, revocations: { isRevoked: () => false }, issuers: [ISSUER] });
  return new HttpCallers({ callers, cookies: new Cookies('http://door.test'), origin: 'http://door.test' });
}

const TOKENS: Tokens = {
  verify: async (token) => {
    if (token === KEYS_TOKEN) return { principal: KEY, issuedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER };
    if (token === ANNAS_TOKEN) return { principal: ANNA, issuedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER };
    throw new DomainError('auth.token_expired', 'unauthenticated', 'The access token has expired.');
  },
};

/** Passports that are the principal itself: signing is the auth lib's to prove. */
class PlainPassports extends Passports {
  override async sign(principal: Principal): Promise<string> {
    return JSON.stringify(principal);
  }

  override async verify(token: string | undefined): Promise<Principal> {
    return token === undefined ? ANONYMOUS : (JSON.parse(token) as Principal);
  }
}

function call(url: string, method: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(url, {
    redirect: 'manual',
    method,
    headers: { authorization: `Bearer ${ANNAS_TOKEN}`, ...typed, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

function jwtLike(claims: object): string {
  return ['{}', JSON.stringify(claims), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

function rawRequest(port: number, method: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, resolve).on('error', reject).end();
  return promise;
}
