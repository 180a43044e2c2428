import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { freezesOf, resume, suspend, type Suspending } from '../../domain/life';
import type { Change, Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import type { Announce } from '../announce';
import type { Facts } from '../facts';
import { isOperator } from '../rights/is-operator';

/** What shall stand still, and why. */
export type Wanted = Omit<Suspending, 'isOperators'>;

export interface SuspendWorkspaceParts {
  readonly workspaces: Collection<Workspace>;
  readonly access: Access;
  readonly announce: Announce;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Makes a workspace stand still, whole or in part, and go on. */
export class SuspendWorkspace {
  constructor(private readonly parts: SuspendWorkspaceParts) {}

  /** `undefined`: nothing stands still any more. For owners; for the platform's operators everywhere. */
  async run(context: CallContext, name: string, wanted: Wanted | undefined): Promise<Stored<Workspace>> {
    const { access, announce, clock, workspaces } = this.parts;
    const isOperators = isOperator(context.principal);
    const { workspace } = isOperators
      ? await access.enter(context, name)
      : await access.requireAnyhow(context, name, 'manage', 'workspaces');
    const change = { by: context.principal.id, at: clock.now() };
    await workspaces.update(workspace.id, (document, revision) => {
      const next =
        wanted === undefined ? resume(document, isOperators, change) : this.suspended(document, { ...wanted, isOperators }, change);
      return { document: next, events: next === document ? [] : [this.tell(context, next, wanted?.reason, revision + 1)] };
    });
    await announce.workspace(workspace.id);
    return workspaces.get(workspace.id);
  }

  /** What stands still already, for the reason there is, stays as it is. */
  private suspended(document: Workspace, wanted: Suspending, change: Change): Workspace {
    const next = suspend(document, wanted, change);
    const isSame = freezesOf(document).join() === freezesOf(next).join() && document.suspension?.reason === wanted.reason;
    return isSame ? document : next;
  }

  /** Without a reason it goes on. */
  private tell(context: CallContext, workspace: Workspace, reason: string | undefined, revision: number) {
    return this.parts.facts.of(context, {
      workspaceId: workspace.id,
      type: reason === undefined ? 'workspaces.resumed' : 'workspaces.suspended',
      payload: reason === undefined ? {} : { freezes: [...freezesOf(workspace)], reason },
      subject: `workspace/${workspace.id}`,
      revision,
    });
  }
}
