import { Accounts } from '../../application/ports/accounts';
import type { EmbeddedIssuer } from '../issuer';

/** The accounts of the provider in this process. */
export class EmbeddedAccounts extends Accounts {
  constructor(private readonly issuer: EmbeddedIssuer) {
    super();
  }

  override async signOut(user: string): Promise<void> {
    await this.issuer.signOut(user);
  }

  override async remove(user: string): Promise<void> {
    await this.issuer.removeAccount(user);
  }

  /** Nobody else removes accounts here. */
  override async removedSince(): Promise<readonly string[]> {
    return [];
  }

  override async endSignIn(signIn: string): Promise<void> {
    await this.issuer.endSignIn(signIn);
  }
}
