import type { Identity } from '@millrace/auth';
import { Tokens } from '../../application/ports/tokens';
import type { Visitors } from '../../application/ports/visitors';

/** The tokens of people, which the identity provider makes, and those of visitors, which are the gateway's own. */
export class AllTokens extends Tokens {
  constructor(
    private readonly people: Tokens,
    private readonly visitors: Visitors,
  ) {
    super();
  }

  override async verify(token: string): Promise<Identity> {
    return this.visitors.isVisitors(token) ? this.visitors.verify(token) : this.people.verify(token);
  }
}
