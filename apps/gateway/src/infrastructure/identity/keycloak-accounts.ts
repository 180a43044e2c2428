import { DomainError } from '@millrace/kernel';
import * as openid from 'openid-client';
import { Accounts } from '../../application/ports/accounts';
import { providerAway } from './provider-refusals';
import { RealmClient } from './realm-client';

const CLIENT = 'millrace-gateway';
/** Events asked for at once. */
const PAGE = 100;

export interface KeycloakAccountsOptions {
  /** `iss`: `…/realms/<realm>`. */
  readonly issuer: string;
  /** Of the client `millrace-gateway`; absent: nothing can be done. */
  readonly secret: string | undefined;
  /** Reaches Keycloak by another address than browsers do; by its own when absent. */
  readonly fetch?: openid.CustomFetch | undefined;
}

/** The accounts of a realm, by Keycloak's administration and the gateway's own service account there. */
export class KeycloakAccounts extends Accounts {
  private readonly base: string;
  private readonly client: RealmClient;

  constructor({ issuer, secret, fetch }: KeycloakAccountsOptions) {
    super();
    this.base = issuer.replace(/\/realms\/([^/]+)$/, '/admin/realms/$1');
    this.client = new RealmClient({ issuer, secret, fetch, clientId: CLIENT, notSetUp: notSetUp() });
  }

  override async signOut(user: string): Promise<void> {
    await this.ask('POST', `/users/${encodeURIComponent(user)}/logout`);
  }

  override async endSignIn(signIn: string): Promise<void> {
    await this.ask('DELETE', `/sessions/${encodeURIComponent(signIn)}`);
  }

  override async remove(user: string): Promise<void> {
    await this.ask('DELETE', `/users/${encodeURIComponent(user)}`);
  }

  override async removedSince(time: number): Promise<readonly string[]> {
    const [byOthers, byThemselves] = [await this.removedByOthers(time), await this.removedByThemselves(time)];
    return [...new Set([...byOthers, ...byThemselves])];
  }

  private async removedByOthers(time: number): Promise<readonly string[]> {
    const events = await this.list<{ readonly resourcePath?: string }>('/admin-events?operationTypes=DELETE&resourceTypes=USER', time);
    return events.flatMap(({ resourcePath = '' }) => /^users\/([^/]+)$/.exec(resourcePath)?.[1] ?? []);
  }

  private async removedByThemselves(time: number): Promise<readonly string[]> {
    const events = await this.list<{ readonly userId?: string }>('/events?type=DELETE_ACCOUNT', time);
    return events.flatMap(({ userId }) => userId ?? []);
  }

  /** All events of a kind since then, page by page. */
  private async list<E>(question: string, time: number): Promise<readonly E[]> {
    const events: E[] = [];
    for (;;) {
      const answer = await this.ask('GET', `${question}&dateFrom=${time}&first=${events.length}&max=${PAGE}`);
      const page = (await answer.json()) as readonly E[];
      events.push(...page);
      if (page.length < PAGE) return events;
    }
  }

  /** What is not there is done already: 404 is an answer to all but questions. */
  private async ask(method: string, path: string): Promise<Response> {
    const { access_token: token } = await openid.clientCredentialsGrant(await this.client.configuration()).catch((error: unknown) => {
      throw error instanceof DomainError ? error : providerAway(error);
    });
    const answer = await this.client.ask(`${this.base}${path}`, { method, headers: { authorization: `Bearer ${token}` }, body: null });
    if (answer.ok || (answer.status === 404 && method !== 'GET')) return answer;
    throw providerAway(new Error(`${method} ${path}: Keycloak answered ${answer.status}.`));
  }
}

function notSetUp(): DomainError {
  return new DomainError(
    'auth.accounts_not_set_up',
    'unavailable',
    `The gateway cannot reach the accounts of people: it has no secret of the client "${CLIENT}". Read it at the identity provider and set MILLRACE_GATEWAY_SECRET.`,
  );
}
