import { DomainError } from '@millrace/kernel';
import type { Revocations } from '../ports/revocations';
import type { Visitors, VisitorToken } from '../ports/visitors';

/** Visits of people who have not signed in. */
export class Visits {
  constructor(
    private readonly visitors: Visitors,
    private readonly revocations: Pick<Revocations, 'isRevoked'>,
  ) {}

  async begin(): Promise<VisitorToken> {
    return this.visitors.admit();
  }

  /** A new token for the same visitor. Refuses with `auth.token_…` a visit that has ended. */
  async goOn(token: string): Promise<VisitorToken> {
    await this.sessionOf(token);
    return this.visitors.renew(token);
  }

  /** The session of a visit that has not ended; else refuses with `auth.token_…`. */
  async sessionOf(token: string): Promise<string | undefined> {
    const identity = await this.visitors.verify(token);
    if (this.revocations.isRevoked(identity)) throw visitOver();
    return identity.principal.session;
  }
}

function visitOver(): DomainError {
  return new DomainError('auth.token_revoked', 'unauthenticated', 'This visit was ended. Begin a new one: POST /v1/auth/anonymous.');
}
