import { LogoutTokenVerifier, type LogoutTokenOptions } from '@millrace/auth';
import { DomainError, type Clock } from '@millrace/kernel';
import * as openid from 'openid-client';
import { IdentityProvider, type EndedSignIn, type SignInChecks } from '../../application/ports/identity-provider';
import type { HeldTokens } from '../../domain/sessions/session';
import { isOver, providerAway, signInRefused } from './provider-refusals';
import { RealmClient } from './realm-client';

/** The client of the realm that the gateway is when it signs people in. */
export const CONSOLE = 'millrace-console';
const SCOPE = 'openid profile email';

export interface OpenIdProviderOptions extends Omit<LogoutTokenOptions, 'audience'> {
  /** Of the client; absent: nobody can sign in by it. */
  readonly secret: string | undefined;
  /** Where the provider sends browsers back to. */
  readonly callbackUrl: string;
  /** Reaches a provider that is in this process; over the network when absent. */
  readonly fetch?: openid.CustomFetch | undefined;
}

/** Any OpenID provider with the realm's clients: Keycloak, or the one in this process. */
export class OpenIdProvider extends IdentityProvider {
  private readonly clock: Clock;
  private readonly client: RealmClient;
  private readonly logoutTokens: LogoutTokenVerifier;

  constructor(private readonly options: OpenIdProviderOptions) {
    super();
    this.clock = options.clock;
    this.client = new RealmClient({ ...options, clientId: CONSOLE, notSetUp: notSetUp() });
    this.logoutTokens = new LogoutTokenVerifier({ ...options, audience: CONSOLE });
  }

  override async begin(fresh: boolean): Promise<{ readonly url: string; readonly checks: SignInChecks }> {
    const checks = { state: openid.randomState(), nonce: openid.randomNonce(), verifier: openid.randomPKCECodeVerifier() };
    const url = openid.buildAuthorizationUrl(await this.client.configuration(), {
      redirect_uri: this.options.callbackUrl,
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      ...(fresh ? { prompt: 'login' } : {}),
    });
    return { url: url.href, checks };
  }

  override async redeem(callback: string, { state, nonce, verifier }: SignInChecks): Promise<HeldTokens> {
    const configuration = await this.client.configuration();
    const expected = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const answer = await openid.authorizationCodeGrant(configuration, new URL(callback), expected).catch((error: unknown) => {
      throw signInRefused(error);
    });
    return this.held(answer);
  }

  override async refresh(refreshToken: string): Promise<HeldTokens | undefined> {
    const configuration = await this.client.configuration();
    try {
      return this.held(await openid.refreshTokenGrant(configuration, refreshToken));
    } catch (error) {
      if (isOver(error)) return undefined;
      throw providerAway(error);
    }
  }

  /**
   * As Keycloak has it beside the standard, which knows no way to end a sign-in but through the browser: the client posts a refresh token
   * to the address where sign-ins end.
   */
  override async end(refreshToken: string): Promise<void> {
    const { end_session_endpoint: address = '' } = (await this.client.configuration()).serverMetadata();
    await this.client.ask(address, {
      method: 'POST',
      headers: { authorization: this.client.proof, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: CONSOLE, refresh_token: refreshToken }).toString(),
    });
  }

  override async readLogoutToken(token: string): Promise<EndedSignIn> {
    const { id, subject, session } = await this.logoutTokens.verify(token);
    return { id, ...(subject && { user: subject }), ...(session && { issuerSession: session }) };
  }

  private held(answer: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers): HeldTokens {
    const { access_token: access, refresh_token: refresh, id_token: id } = answer;
    const lifetime = answer.expiresIn() ?? 0;
    return { access, accessEndsAt: this.clock.now() + lifetime * 1000, ...(refresh && { refresh }), ...(id && { id }) };
  }
}

function notSetUp(): DomainError {
  return new DomainError(
    'auth.sign_in_not_set_up',
    'unavailable',
    `Nobody can sign in through this gateway yet: it has no secret of the client "${CONSOLE}". Read it at the identity provider and set MILLRACE_CONSOLE_SECRET.`,
  );
}
