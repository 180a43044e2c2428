import {
  errors,
  type AccessToken,
  type Client,
  type ClientCredentials,
  type Configuration,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import { accountClaims, clientClaims } from '../accounts/account-claims';
import { audienceOf, type Claims } from '../realm/mapped-claims';
import { findClient, type Realm } from '../realm/realm';
import { SIGNING_ALGORITHM } from './issuer-secrets';
import type { IssuerParts } from '../parts';

/** Names the API inside the provider, which wants an absolute URI; tokens say the audience of the realm file. */
export const API = 'urn:millrace:api';
export const SCOPES = ['openid', 'profile', 'email', 'offline_access'];

/** What every access token of this client is for. Refuses a client that has no audience. */
export function resourceServerOf(realm: Realm, clientId: string): ResourceServer {
  const client = findClient(realm, clientId);
  const audience = client === undefined ? undefined : audienceOf(client);
  if (audience === undefined) throw new errors.InvalidTarget(`the client ${clientId} has no audience in the realm file`);
  return {
    scope: SCOPES.join(' '),
    audience,
    accessTokenTTL: realm.accessTokenLifespan,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: SIGNING_ALGORITHM } },
  };
}

/** Access tokens are JWTs for the API, whatever was asked for. */
export function resourceIndicators(realm: Realm): NonNullable<NonNullable<Configuration['features']>['resourceIndicators']> {
  return {
    enabled: true,
    defaultResource: () => API,
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, _resource, client: Client) => resourceServerOf(realm, client.clientId),
  };
}

/** What an access token says besides the registered claims: as Keycloak writes it. */
export async function accessClaims(
  { realm, accounts }: IssuerParts,
  token: AccessToken | ClientCredentials,
  provedAt: number | undefined,
): Promise<Claims | undefined> {
  const client = findClient(realm, token.clientId);
  if (client === undefined) return undefined;
  const common = { typ: 'Bearer', azp: client.clientId };
  if (token.kind === 'ClientCredentials') return { ...common, ...clientClaims(realm, client) };
  const account = await accounts.find(token.accountId);
  if (account === undefined) throw new errors.InvalidGrant('the account is gone');
  const times = provedAt === undefined ? {} : { auth_time: provedAt };
  return { ...common, ...times, sid: token.sessionUid ?? token.grantId, ...accountClaims(realm, client, account, 'access') };
}

/** When the person whose token is made gave a proof, in seconds since 1970: what the token is made from remembers it. */
export function signedInAt({ oidc: { entities } }: KoaContextWithOIDC): number | undefined {
  return (entities.RefreshToken ?? entities.AuthorizationCode ?? entities.DeviceCode)?.authTime;
}
