import { explain, type Explanation } from '@millrace/auth';
import type { JsonMap, Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Access, Deed } from '../access';
import type { Standings } from './standings';

export interface ExplainedAccess extends Explanation {
  /** The roles the principal has. */
  readonly roles: readonly string[];
}

/** Explains to whoever manages roles what somebody may do, and why. */
export class ExplainAccess {
  constructor(
    private readonly access: Access,
    private readonly standings: Standings,
  ) {}

  /** `sample`: an object to decide on; absent: in general. Platform roles are not told of, they are nobody's in the workspace. */
  async run(context: CallContext, workspace: string, principal: Principal, deed: Deed, sample?: JsonMap): Promise<ExplainedAccess> {
    const entered = await this.access.require(context, workspace, 'manage', 'roles');
    const standing = await this.standings.of(entered.workspace, principal);
    return { ...explain(standing, deed.action, deed.subject, sample), roles: standing.roles };
  }
}
