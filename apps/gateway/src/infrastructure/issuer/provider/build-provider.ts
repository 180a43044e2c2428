import Provider, { interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { accountClaims } from '../accounts/account-claims';
import { clientMetadata } from '../realm/client-metadata';
import { mappedNames } from '../realm/mapped-claims';
import type { IssuerParts } from '../parts';
import { findClient } from '../realm/realm';
import { SIGNING_ALGORITHM } from './issuer-secrets';
import { lifetimes } from './lifetimes';
import { deviceFlow, renderError, signOut } from './screens';
import { StoreAdapter } from './store-adapter';
import { accessClaims, API, resourceIndicators, SCOPES, signedInAt } from './tokens';

/** Below the issuer's own path: where the person signs in. */
export const SIGN_IN_PATH = '/sign-in/';
/** Below the issuer's own path, as Keycloak has it. */
export const USERINFO_PATH = '/protocol/openid-connect/userinfo';
/** Below the issuer's own path, as Keycloak has it: where sign-ins end. */
export const SIGN_OUT_PATH = '/protocol/openid-connect/logout';

/** The client that may trade a name and a password for tokens, on a development start. */
const PASSWORD_CLIENT = 'millrace-cli';

/** Below the issuer's own path, as Keycloak has them. */
const ROUTES = {
  authorization: '/protocol/openid-connect/auth',
  token: '/protocol/openid-connect/token',
  jwks: '/protocol/openid-connect/certs',
  userinfo: USERINFO_PATH,
  end_session: SIGN_OUT_PATH,
  revocation: '/protocol/openid-connect/revoke',
  device_authorization: '/protocol/openid-connect/auth/device',
  code_verification: '/device',
} as const satisfies Configuration['routes'];
const PATHS: ReadonlySet<string> = new Set(Object.values(ROUTES));

/**
 * Whether the provider would take a path for one of its own though it is written otherwise. Nobody may get past what is counted, or
 * answered in its place, by how a path is written.
 */
export function isMiswritten(path: string): boolean {
  return !PATHS.has(path) && PATHS.has(path.toLowerCase().replace(/\/$/, ''));
}

/** The provider, shaped like the realm: its paths, clients, claims and lifetimes. */
export function buildProvider(parts: IssuerParts): Provider {
  const { issuerUrl, path, development, realm, secrets, bucket, clock } = parts;
  const passwordClient = development ? PASSWORD_CLIENT : undefined;
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  const provider = new Provider(issuerUrl, {
    adapter: (model) => new StoreAdapter(model, bucket, clock),
    clients: [...clientMetadata(realm, { passwordClient, secretOf: (clientId) => secrets.clientSecrets[clientId] ?? '' })],
    jwks: { keys: [secrets.signingKey] },
    cookies: {
      keys: [secrets.cookieKey],
      names: { session: 'millrace_issuer', interaction: 'millrace_sign_in', resume: 'millrace_sign_in_resume' },
      long: { ...cookie, path },
      short: cookie,
    },
    routes: ROUTES,
    ttl: lifetimes(realm, clock),
    renderError,
    // Whom the provider tells of an end is in the realm file, and may be on this machine.
    fetch: (url, request) => fetch(url, undispatched(request)),
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: SCOPES,
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    rotateRefreshToken: realm.revokeRefreshToken,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    clientBasedCORS: (_ctx, origin, client) => findClient(realm, client.clientId)?.webOrigins.includes(origin) ?? false,
    extraTokenClaims: (ctx, token) => accessClaims(parts, token, signedInAt(ctx)),
    ...interactions(path),
    ...people(parts),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: resourceIndicators(realm),
      deviceFlow,
      rpInitiatedLogout: signOut,
      backchannelLogout: { enabled: true },
    },
  });
  // The doors write the forwarding headers themselves, so that answers name the issuer as it is reached.
  provider.proxy = true;
  return provider;
}

/** The request on its plain way: the provider's own would not reach this machine. */
function undispatched(request: RequestInit & { dispatcher?: unknown } = {}): RequestInit {
  const { dispatcher: _, ...plain } = request;
  return plain;
}

function people({ realm, accounts }: IssuerParts): Configuration {
  const profile = ['name', 'given_name', 'family_name', 'preferred_username'];
  return {
    conformIdTokenClaims: false,
    claims: { openid: ['sub', ...mappedNames(realm)], profile, email: ['email', 'email_verified'] },
    findAccount: async (ctx, accountId) => {
      const account = await accounts.find(accountId);
      const client = findClient(realm, ctx.oidc.client?.clientId);
      if (account === undefined || client === undefined) return undefined;
      return {
        accountId,
        claims: (use) => ({ sub: accountId, ...accountClaims(realm, client, account, use === 'userinfo' ? 'userinfo' : 'id') }),
      };
    },
  };
}

/** Clients of the realm are our own: nobody is asked for consent. */
function interactions(path: string): Configuration {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return {
    interactions: { policy, url: (_ctx, { uid }) => `${path}${SIGN_IN_PATH}${uid}` },
    loadExistingGrant: async (ctx: KoaContextWithOIDC) => {
      const { client, session, provider } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      // One name for the sign-in, in every token of every client: as Keycloak has it.
      session.sidFor(client.clientId, session.uid);
      const grantId = session.grantIdFor(client.clientId);
      const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
      if (known !== undefined) return known;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(SCOPES.join(' '));
      grant.addResourceScope(API, SCOPES.join(' '));
      await grant.save();
      return grant;
    },
  };
}
