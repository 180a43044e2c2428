import type { IncomingMessage, ServerResponse } from 'node:http';
import { TokenVerifier } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import { decodeJwt } from 'jose';
import { accountClaims } from '../accounts/account-claims';
import type { IssuerParts } from '../parts';
import { audienceOf } from '../realm/mapped-claims';
import { findClient } from '../realm/realm';

/**
 * Userinfo for the access tokens of the API, as Keycloak has it. The provider's own answers only for opaque tokens that are for nothing
 * else.
 */
export class UserinfoDoor {
  private readonly tokens: TokenVerifier;

  constructor(private readonly parts: IssuerParts) {
    const { issuerUrl: issuer, realm, keys, clock } = parts;
    const clients = realm.clients.map(({ clientId }) => clientId);
    const [audience = ''] = realm.clients.flatMap((client) => audienceOf(client) ?? []);
    this.tokens = new TokenVerifier({ issuer, audience, clients, keys, clock });
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const claims = await this.claims(/^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]);
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(claims));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const problem = { error: 'invalid_token', error_description: error.message };
      const challenge = `Bearer realm="${this.parts.realm.realm}", error="invalid_token"`;
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': challenge }).end(JSON.stringify(problem));
    }
  }

  private async claims(token: string | undefined): Promise<object> {
    const { principal } = await this.tokens.verify(token);
    const account = await this.parts.accounts.find(principal.id);
    const client = findClient(this.parts.realm, decodeJwt<{ azp?: string }>(token ?? '').azp);
    if (account === undefined || client === undefined) {
      throw new DomainError('auth.token_subject', 'unauthenticated', 'The token speaks for nobody who can sign in here.');
    }
    return { sub: account.id, ...accountClaims(this.parts.realm, client, account, 'userinfo') };
  }
}
