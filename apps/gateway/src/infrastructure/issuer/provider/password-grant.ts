import { DomainError } from '@millrace/kernel';
import type Provider from 'oidc-provider';
import { errors, type TokenEndpointGrantContext } from 'oidc-provider';
import type { IssuerParts } from '../parts';
import type { Realm } from '../realm/realm';
import { API, resourceServerOf, SCOPES } from './tokens';

interface PasswordParameters {
  readonly username?: string;
  readonly password?: string;
}

/**
 * Lets a client trade a name and a password for tokens (RFC 6749 §4.3), so that a newcomer signs in with one line of curl. For a
 * development start only: OAuth 2.1 has dropped this grant, and the realm at Keycloak has it off.
 */
export function allowPasswordGrant(provider: Provider, { realm, signIns, tallies, clock }: IssuerParts): void {
  provider.registerGrantType<PasswordParameters>(
    'password',
    async (ctx) => {
      const { username = '', password = '' } = ctx.oidc.params;
      const account = await signIns.attempt(username, password, tallies.get(ctx.req)).catch((error: unknown) => {
        throw error instanceof DomainError ? refusalOf(error) : error;
      });
      if (account === undefined) {
        throw new errors.CustomOIDCProviderError('invalid_grant', 'Wrong name or password, or too many attempts: wait a minute then.');
      }
      ctx.body = await tokensFor(ctx, realm, account.id, clock.now());
    },
    ['username', 'password', 'scope'],
  );
}

/** RFC 6749 has no error for who asks too often. */
function refusalOf({ code, message }: DomainError): errors.OIDCProviderError {
  const refusal = new errors.TemporarilyUnavailable(message);
  return code === 'gateway.rate_limited' ? Object.assign(refusal, { status: 429, statusCode: 429 }) : refusal;
}

async function tokensFor(ctx: TokenEndpointGrantContext, realm: Realm, accountId: string, now: number): Promise<object> {
  const { client, provider } = ctx.oidc;
  const scope = SCOPES.filter((each) => each !== 'offline_access').join(' ');
  const grant = new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope(scope);
  grant.addResourceScope(API, scope);
  const grantId = await grant.save();
  const source = { client, accountId, grantId, gty: 'password', scope };
  const resourceServer = new provider.ResourceServer(API, resourceServerOf(realm, client.clientId));
  const accessToken = new provider.AccessToken({ ...source, resourceServer });
  const refreshToken = new provider.RefreshToken({ ...source, resource: API, rotations: 0, authTime: Math.floor(now / 1000) });
  ctx.oidc.entity('RefreshToken', refreshToken);
  return {
    access_token: await accessToken.save(),
    refresh_token: await refreshToken.save(),
    expires_in: accessToken.expiration,
    token_type: 'Bearer',
    scope,
  };
}
