import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeySource } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { SignInTally } from '../../application/policies/limits/sign-in-tally';
import { firstOf, type FirstSignIn } from './accounts/seed';
import { Doors, LINK_PATH } from './http/doors';
import { openParts, type EmbeddedIssuerOptions, type IssuerParts } from './parts';
import { buildProvider } from './provider/build-provider';
import { allowPasswordGrant } from './provider/password-grant';

/**
 * An OpenID provider inside the gateway, for one machine and few people: the realm of keycloak/ with its paths, clients and claims. Keys,
 * sign-ins and grants are kept in the bucket `issuer`, people in the gateway's documents, so a restart signs nobody out.
 */
export class EmbeddedIssuer {
  /** The public keys, without a way over HTTP. */
  readonly keys: KeySource;
  /** How the first person gets in; only at the first start. To be shown once and kept nowhere. */
  readonly firstSignIn: FirstSignIn | undefined;

  private constructor(
    private readonly parts: IssuerParts,
    private readonly doors: Doors,
  ) {
    this.keys = parts.keys;
    this.firstSignIn = parts.firstSignIn;
  }

  /** Ready to answer when it resolves. `issuer.realm_invalid` for a file that is no realm. */
  static async create(options: EmbeddedIssuerOptions): Promise<EmbeddedIssuer> {
    const { onFault = () => undefined, afterLink = '/v1/auth/sign-in?return=/console/' } = options;
    const parts = await openParts(options);
    const provider = buildProvider(parts);
    if (parts.development) allowPasswordGrant(provider, parts);
    provider.on('server_error', (_ctx, error) => {
      onFault(error);
    });
    return new EmbeddedIssuer(parts, new Doors(parts, { provider, afterLink, onFault }));
  }

  /**
   * Answers a request whose URL begins with the issuer's path. Nobody may have read its body before. `count`: is told the name of whom
   * it tries to sign in as; nobody is when absent.
   */
  handle(request: IncomingMessage, response: ServerResponse, count?: SignInTally): void {
    if (count !== undefined) this.parts.tallies.set(request, count);
    void this.doors.answer(request, response);
  }

  /** The secret that a confidential client of the realm proves itself with, as HTTP Basic. */
  clientSecret(clientId: string): string {
    const secret = this.parts.secrets.clientSecrets[clientId];
    if (secret !== undefined) return secret;
    throw new DomainError(
      'issuer.client_unknown',
      'not-found',
      `The realm has no confidential client "${clientId}". Look in the realm file.`,
      {
        facts: { clientId },
      },
    );
  }

  /** Ends all sign-ins of a person, in every browser and app. */
  async signOut(accountId: string): Promise<void> {
    await this.parts.openSignIns.endAll(accountId);
  }

  /** Forgets a person, with all sign-ins. Nobody signs in by that name any more until it is given out again. */
  async removeAccount(accountId: string): Promise<void> {
    await this.parts.accounts.remove(accountId);
    await this.parts.openSignIns.endAll(accountId);
  }

  /** Ends one sign-in, by the name that its tokens have for it. */
  async endSignIn(signIn: string): Promise<void> {
    await this.parts.openSignIns.end(signIn);
  }

  /** An address that signs the first administrator in, once, within an hour; undefined when the account is gone. */
  async signInLink(): Promise<string | undefined> {
    const account = await this.parts.accounts.findByName(firstOf(this.parts.realm)?.username ?? '');
    return account && `${this.parts.issuerUrl}${LINK_PATH}${await this.parts.links.mint(account.id)}`;
  }

  /** Resolves when no sign-in is under way. The stores stay open: they are the caller's. */
  async close(): Promise<void> {
    await this.parts.signIns.idle();
  }
}
