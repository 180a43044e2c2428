import { BUILT_IN_ROLES, decide, refuse, type Rule } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { isId } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { roleOf } from '../domain/members';
import { workspaceMissing, type Workspace } from '../domain/workspace';

export interface Entered {
  readonly stored: Stored<Workspace>;
  readonly workspace: Workspace;
  readonly rules: readonly Rule[];
}

/** The door of every use case that touches a workspace: finds it by id or slug and decides what the caller may do there. */
export class Access {
  constructor(private readonly workspaces: Collection<Workspace>) {}

  /** The workspace, if a rule allows the action. A stranger is told it does not exist. */
  async require(context: CallContext, name: string, action: string, subject: string): Promise<Entered> {
    const entered = await this.enter(context, name);
    const decision = decide(entered.rules, action, subject);
    if (!decision.allowed) throw refuse(decision);
    return entered;
  }

  /** The workspace and the rules the caller has in it. */
  async enter(context: CallContext, name: string): Promise<Entered> {
    const stored = await this.find(name);
    const role = stored === undefined ? undefined : roleOf(stored.document, context.principal);
    if (stored === undefined || role === undefined) throw workspaceMissing(name);
    return { stored, workspace: stored.document, rules: BUILT_IN_ROLES[role] };
  }

  /** A workspace that exists, whoever asks: for other services. */
  async find(name: string): Promise<Stored<Workspace> | undefined> {
    const stored = isId('ws', name) ? await this.workspaces.find(name) : await this.workspaces.findBy('slug', name);
    return stored?.document.state === 'deleted' ? undefined : stored;
  }
}
