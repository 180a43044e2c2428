import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Conditions } from '../domain/draft';
import { deleteWorkspace } from '../domain/life';
import type { Workspace } from '../domain/workspace';
import type { Access } from './access';
import type { Announce } from './announce';
import type { Facts } from './facts';
import { demandOn } from './update-workspace';

export interface DeleteWorkspaceParts {
  readonly workspaces: Collection<Workspace>;
  readonly access: Access;
  readonly announce: Announce;
  readonly facts: Facts;
  readonly clock: Clock;
  /** Milliseconds for which a deleted one can be had back. */
  readonly kept: number;
}

/** Deletes a workspace: from now on nobody finds it and nothing runs in it. For a while it can be had back. */
export class DeleteWorkspace {
  constructor(private readonly parts: DeleteWorkspaceParts) {}

  async run(context: CallContext, name: string, conditions: Conditions): Promise<void> {
    const { workspace } = await this.parts.access.require(context, name, 'delete', 'workspaces');
    await this.delete(context, workspace.id, demandOn(conditions));
  }

  private async delete(context: CallContext, id: string, demanded: ReturnType<typeof demandOn>): Promise<void> {
    const { announce, clock, facts, kept, workspaces } = this.parts;
    const change = (document: Workspace, revision: number) => {
      demanded(document, revision);
      if (document.state === 'deleted') return { document, events: [] };
      const subject = `workspace/${document.id}`;
      const next = deleteWorkspace(document, { by: context.principal.id, at: clock.now() }, kept);
      const fact = {
        workspaceId: document.id,
        type: 'workspaces.deleted',
        payload: { slug: document.slug, purgeAt: next.purgeAt },
        subject,
        revision: revision + 1,
      };
      return {
        document: next,
        events: [facts.of(context, fact)],
      };
    };
    await workspaces.update(id, change);
    await announce.workspace(id);
  }
}
