import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REALM } from '../testing/house';
import { clientMetadata } from './client-metadata';
import { audienceOf, mappedClaims, mappedNames } from './mapped-claims';
import { filled } from './placeholders';
import { readRealm } from './read-realm';
import { findClient, RealmFile, rolesInScope, withComposites, type RealmClient } from './realm';

const ISSUER = 'http://localhost:4000/realms/millrace';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-realm-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function written(text: string): Promise<string> {
  const path = join(folder, 'realm.json');
  await writeFile(path, text);
  return path;
}

function client(more: Record<string, unknown> = {}): RealmClient {
  const [only] = RealmFile.parse({ realm: 'millrace', clients: [{ clientId: 'app', ...more }] }).clients;
  if (only === undefined) throw new Error('no client');
  return only;
}

describe('placeholders', () => {
  it('are filled as Keycloak fills them, wherever a text is', () => {
    const value = { a: ['${URL:http://x:1}/y', '${URL:}'], b: { c: '${NAME}${NAME}' }, d: 1, e: null };
    expect(filled(value, {})).toEqual({ a: ['http://x:1/y', ''], b: { c: '${NAME}${NAME}' }, d: 1, e: null });
    expect(filled(value, { URL: 'z', NAME: 'n' })).toEqual({ a: ['z/y', 'z'], b: { c: 'nn' }, d: 1, e: null });
  });
});

describe('the realm file', () => {
  it('says clients, roles, users, lifetimes and the lock', async () => {
    const realm = await readRealm(REALM, ISSUER);
    expect(realm).toMatchObject({
      realm: 'millrace',
      accessTokenLifespan: 300,
      ssoSessionIdleTimeout: 2_592_000,
      revokeRefreshToken: true,
      failureFactor: 5,
    });
    expect(findClient(realm, 'millrace-console')?.redirectUris).toEqual(['http://localhost:4000/v1/auth/callback']);
    expect(withComposites(realm, ['default-roles-millrace', 'platform-admin'])).toEqual([
      'default-roles-millrace',
      'person',
      'platform-admin',
    ]);
    expect(realm.users.map(({ username }) => username)).toContain('ada');
  });

  it('holds no secret and no password', async () => {
    const realm = JSON.stringify(filled(await import(REALM, { with: { type: 'json' } }), {}));
    expect(realm).not.toMatch(/"(secret|credentials|password|secretData)"/);
  });

  it.each([
    ['is not there', undefined, 'ENOENT'],
    ['is no JSON', '{', 'JSON'],
    ['has no name', '{}', 'realm: '],
    ['is wrong in two places', '{"realm":"M","accessTokenLifespan":-1}', 'accessTokenLifespan: '],
    ['is another realm', '{"realm":"other"}', 'it is the realm "other"'],
  ])('is refused when it %s', async (_, text, problem) => {
    const path = text === undefined ? join(folder, 'absent.json') : await written(text);
    await expect(readRealm(path, ISSUER)).rejects.toMatchObject({
      code: 'issuer.realm_invalid',
      refusal: 'invalid',
      message: expect.stringContaining(problem),
    });
  });
});

describe('roles', () => {
  it('are found through composites, and through circles of them', () => {
    const roles = { realm: [{ name: 'a', composites: { realm: ['b'] } }, { name: 'b', composites: { realm: ['a', 'c'] } }, { name: 'c' }] };
    expect(withComposites(RealmFile.parse({ realm: 'millrace', roles }), ['a'])).toEqual(['a', 'b', 'c']);
  });

  it('reach a client without full scope only as the realm maps them', () => {
    const realm = RealmFile.parse({ realm: 'millrace', scopeMappings: [{ client: 'app', roles: ['person'] }, { roles: ['admin'] }] });
    expect(rolesInScope(realm, client({ fullScopeAllowed: false }), ['admin', 'person'])).toEqual(['person']);
    expect(rolesInScope(realm, client(), ['admin', 'person'])).toEqual(['admin', 'person']);
  });
});

describe('claims', () => {
  const realm = RealmFile.parse({ realm: 'millrace' });
  const mapper = (protocolMapper: string, config: Record<string, string>) => ({
    protocolMapper,
    config: { 'access.token.claim': 'true', ...config },
  });
  const subject = { roles: ['person'], groups: ['/hotel/desk'], attributes: { locale: ['fr', 'en'] } };

  it('are made by the mappers of the client, where they say', () => {
    const mappers = [
      mapper('oidc-usermodel-realm-role-mapper', { 'claim.name': 'realm_access.roles', 'id.token.claim': 'false' }),
      mapper('oidc-usermodel-realm-role-mapper', { 'claim.name': 'realm_access.again', 'id.token.claim': 'true' }),
      mapper('oidc-group-membership-mapper', { 'claim.name': 'groups', 'full.path': 'true' }),
      mapper('oidc-group-membership-mapper', { 'claim.name': 'names', 'full.path': 'false' }),
      mapper('oidc-usermodel-attribute-mapper', { 'claim.name': 'locale', 'user.attribute': 'locale', 'id.token.claim': 'true' }),
      mapper('oidc-usermodel-attribute-mapper', { 'claim.name': 'nothing' }),
      mapper('oidc-usermodel-attribute-mapper', { 'user.attribute': 'locale' }),
      mapper('oidc-script-based-protocol-mapper', { 'claim.name': 'script' }),
      mapper('oidc-audience-mapper', { 'included.client.audience': 'millrace-api' }),
    ];
    const mapped = client({ protocolMappers: mappers });
    expect(mappedClaims(realm, mapped, subject, 'access')).toEqual({
      realm_access: { roles: ['person'], again: ['person'] },
      groups: ['/hotel/desk'],
      names: ['desk'],
      locale: 'fr',
    });
    expect(mappedClaims(realm, mapped, subject, 'id')).toEqual({ realm_access: { again: ['person'] }, locale: 'fr' });
    expect(mappedClaims(realm, mapped, subject, 'userinfo')).toEqual({});
    expect(mappedClaims(realm, mapped, { roles: [], groups: [], attributes: {} }, 'access')).toEqual({});
    expect(audienceOf(mapped)).toBe('millrace-api');
    expect(mappedNames({ ...realm, clients: [mapped] })).toEqual(['realm_access', 'groups', 'names', 'locale', 'nothing', 'script']);
  });

  it('hold no audience of a client without such a mapper', () => {
    expect(audienceOf(client())).toBeUndefined();
  });
});

describe('clients', () => {
  const made = (more: Record<string, unknown>, passwordClient?: string) =>
    clientMetadata(RealmFile.parse({ realm: 'millrace', clients: [{ clientId: 'app', ...more }] }), {
      secretOf: (id) => `${id}-secret`,
      passwordClient,
    });

  it('keep their flows, redirects and way of proving themselves', async () => {
    const realm = await readRealm(REALM, ISSUER);
    const clients = clientMetadata(realm, { secretOf: (id) => `${id}-secret` });
    expect(clients.map(({ client_id: id, grant_types: grants, application_type: type }) => [id, type, grants])).toEqual([
      ['millrace-console', 'web', ['authorization_code', 'refresh_token']],
      ['millrace-app', 'native', ['authorization_code', 'refresh_token']],
      ['millrace-cli', 'native', ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']],
      ['millrace-service', 'web', ['client_credentials']],
      ['millrace-gateway', 'web', ['client_credentials']],
    ]);
    expect(clients[0]).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic', client_secret: 'millrace-console-secret' });
    expect(clients[1]).toMatchObject({ post_logout_redirect_uris: ['dev.millrace.app:/signed-out', 'http://localhost:5173/'] });
    expect(clients[2]).not.toHaveProperty('client_secret');
  });

  it('may trade a password only where told', () => {
    expect(made({ publicClient: true }, 'app')[0]?.grant_types).toEqual(['authorization_code', 'password', 'refresh_token']);
    expect(made({ publicClient: true }, 'other')[0]?.grant_types).not.toContain('password');
  });

  it('that are off, or can get no token, are left out', () => {
    expect(made({ enabled: false })).toEqual([]);
    expect(made({ bearerOnly: true })).toEqual([]);
    expect(made({ standardFlowEnabled: false })).toEqual([]);
  });

  it('may end where they come back to', () => {
    const uris = { redirectUris: ['https://a.example/back'], attributes: { 'post.logout.redirect.uris': '+' } };
    expect(made(uris)[0]?.post_logout_redirect_uris).toEqual(['https://a.example/back']);
  });
});
