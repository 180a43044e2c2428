import { DomainError } from '@millrace/kernel';
import * as openid from 'openid-client';
import { providerAway } from './provider-refusals';
import { plainFetch } from './reached-at';

/** Seconds the provider may take for an answer. */
const PATIENCE = 10;

export interface RealmClientOptions {
  /** The issuer, as its tokens name it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string | undefined;
  /** What is refused while there is no secret. */
  readonly notSetUp: DomainError;
  /** Reaches a provider that is in this process; over the network when absent. */
  readonly fetch?: openid.CustomFetch | undefined;
}

/** A confidential client of the realm that the gateway is. The provider is asked for its addresses at the first use. */
export class RealmClient {
  private known: Promise<openid.Configuration> | undefined;

  constructor(private readonly options: RealmClientOptions) {}

  /** What openid-client needs to know of both. Found once; a provider that was away is asked again (`auth.provider_away`). */
  async configuration(): Promise<openid.Configuration> {
    this.known ??= this.discover();
    try {
      return await this.known;
    } catch (error) {
      this.known = undefined;
      throw error instanceof DomainError ? error : providerAway(error);
    }
  }

  /** A request to the provider beyond what openid-client knows. `auth.provider_away` when there is no answer, or one of a fault. */
  async ask(address: string, request: Pick<openid.CustomFetchOptions, 'method' | 'headers' | 'body'>): Promise<Response> {
    const ask = this.options.fetch ?? plainFetch;
    const signal = AbortSignal.timeout(PATIENCE * 1000);
    const answer = await ask(address, { ...request, redirect: 'manual', signal }).catch((error: unknown) => {
      throw providerAway(error);
    });
    if (answer.status < 500) return answer;
    throw providerAway(new Error(`${request.method} ${address}: the provider answered ${answer.status}.`));
  }

  /** The client's proof of who it is, as the header `Authorization`. */
  get proof(): string {
    const { clientId, secret = '' } = this.options;
    return `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)}`;
  }

  private async discover(): Promise<openid.Configuration> {
    const { issuer, clientId, secret, notSetUp, fetch: ask } = this.options;
    if (secret === undefined) throw notSetUp;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to be seen: plain HTTP is the operator's own choice of address
    const execute = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [];
    const options = { execute, timeout: PATIENCE, ...(ask && { [openid.customFetch]: ask }) };
    return openid.discovery(new URL(issuer), clientId, undefined, openid.ClientSecretBasic(secret), options);
  }
}
