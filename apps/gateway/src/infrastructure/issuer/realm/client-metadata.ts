import type { ClientMetadata } from 'oidc-provider';
import type { Realm, RealmClient } from './realm';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** What the issuer adds to the realm's clients. */
export interface ClientOptions {
  /** The secret of a confidential client. */
  readonly secretOf: (clientId: string) => string;
  /** The client that may trade a name and a password for tokens; on a development start only. */
  readonly passwordClient?: string | undefined;
}

/** The realm's clients that can get tokens, as the provider wants them. */
export function clientMetadata(realm: Realm, options: ClientOptions): readonly ClientMetadata[] {
  return realm.clients
    .filter((client) => client.enabled && !client.bearerOnly)
    .map((client) => metadataOf(client, options))
    .filter(({ grant_types }) => grant_types?.length !== 0);
}

function metadataOf(client: RealmClient, { secretOf, passwordClient }: ClientOptions): ClientMetadata {
  const { clientId, name, redirectUris, publicClient, standardFlowEnabled } = client;
  return {
    client_id: clientId,
    ...(name === undefined ? {} : { client_name: name }),
    ...(publicClient
      ? { token_endpoint_auth_method: 'none' }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: secretOf(clientId) }),
    application_type: redirectUris.some(isNative) ? 'native' : 'web',
    grant_types: grantsOf(client, clientId === passwordClient),
    response_types: standardFlowEnabled ? ['code'] : [],
    redirect_uris: standardFlowEnabled ? redirectUris : [],
    post_logout_redirect_uris: signedOutUris(client),
    ...backchannelOf(client),
  };
}

function grantsOf(client: RealmClient, withPassword: boolean): readonly string[] {
  const forPeople = [
    ...(client.standardFlowEnabled ? ['authorization_code'] : []),
    ...(client.attributes['oauth2.device.authorization.grant.enabled'] === 'true' ? [DEVICE_GRANT] : []),
    ...(withPassword ? ['password'] : []),
  ];
  return [
    ...forPeople,
    ...(forPeople.length === 0 ? [] : ['refresh_token']),
    ...(client.serviceAccountsEnabled && !client.publicClient ? ['client_credentials'] : []),
  ];
}

/** Where the client is told, behind the person's back, that a sign-in has ended. */
function backchannelOf({ attributes }: RealmClient): Partial<ClientMetadata> {
  const uri = attributes['backchannel.logout.url'];
  if (uri === undefined || uri === '') return {};
  return { backchannel_logout_uri: uri, backchannel_logout_session_required: attributes['backchannel.logout.session.required'] === 'true' };
}

/** Keycloak writes several with `##` between them, and `+` for the same as the redirects. */
function signedOutUris({ attributes, redirectUris }: RealmClient): readonly string[] {
  const uris = (attributes['post.logout.redirect.uris'] ?? '').split('##').filter((uri) => uri !== '');
  return uris.flatMap((uri) => (uri === '+' ? redirectUris : [uri]));
}

/** Apps on a device come back by a scheme of their own, or on a loopback port they choose: an address without a port. */
function isNative(uri: string): boolean {
  const { protocol, hostname, port } = new URL(uri);
  return !/^https?:$/.test(protocol) || (hostname === '127.0.0.1' && port === '');
}
