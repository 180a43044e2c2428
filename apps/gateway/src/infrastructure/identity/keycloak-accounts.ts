import { DomainError } from '@millrace/kernel';
import * as openid from 'openid-client';
import { Accounts } from '../../application/ports/accounts';
import { providerAway } from './provider-refusals';
import { RealmClient } from './realm-client';

const CLIENT = 'millrace-gateway';

export interface KeycloakAccountsOptions {
  /** `iss`: `…/realms/<realm>`. */
  readonly issuer: string;
  /** Of the client `millrace-gateway`; absent: nothing can be done. */
  readonly secret: string | undefined;
}

/** The accounts of a realm, by Keycloak's administration and the gateway's own service account there. */
export class KeycloakAccounts extends Accounts {
  private readonly base: string;
  private readonly client: RealmClient;

  constructor({ issuer, secret }: KeycloakAccountsOptions) {
    super();
    this.base = issuer.replace(/\/realms\/([^/]+)$/, '/admin/realms/$1');
    this.client = new RealmClient({ issuer, secret, clientId: CLIENT, notSetUp: notSetUp() });
  }

  override async signOut(user: string): Promise<void> {
    await this.administer('POST', `/users/${encodeURIComponent(user)}/logout`);
  }

  override async endSignIn(signIn: string): Promise<void> {
    await this.administer('DELETE', `/sessions/${encodeURIComponent(signIn)}`);
  }

  /** What is not there is done already. */
  private async administer(method: string, path: string): Promise<void> {
    const { access_token: token } = await openid.clientCredentialsGrant(await this.client.configuration()).catch((error: unknown) => {
      throw error instanceof DomainError ? error : providerAway(error);
    });
    const answer = await this.client.ask(`${this.base}${path}`, { method, headers: { authorization: `Bearer ${token}` }, body: null });
    if (!answer.ok && answer.status !== 404) throw providerAway(new Error(`${method} ${path}: Keycloak answered ${answer.status}.`));
  }
}

function notSetUp(): DomainError {
  return new DomainError(
    'auth.accounts_not_set_up',
    'unavailable',
    `The gateway cannot reach the accounts of people: it has no secret of the client "${CLIENT}". Read it at the identity provider and set MILLRACE_GATEWAY_SECRET.`,
  );
}
