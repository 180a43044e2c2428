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

/** Deletes a workspace: from now on nobody finds it and nothing runs in it. For 30 days it can be had back. */
export class DeleteWorkspace {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly access: Access,
    private readonly announce: Announce,
    private readonly facts: Facts,
    private readonly clock: Clock,
  ) {}

  async run(context: CallContext, name: string, conditions: Conditions): Promise<void> {
    const { workspace } = await this.access.require(context, name, 'delete', 'workspaces');
    await this.delete(context, workspace.id, demandOn(conditions));
  }

  /** Deletes a workspace that the caller has just made and could not fill: no right to delete is needed to take it back. */
  async withdraw(context: CallContext, id: string): Promise<void> {
    await this.delete(context, id, () => undefined);
  }

  private async delete(context: CallContext, id: string, demanded: ReturnType<typeof demandOn>): Promise<void> {
    const change = (document: Workspace, revision: number) => {
      demanded(document, revision);
      if (document.state === 'deleted') return { document, events: [] };
      const subject = `workspace/${document.id}`;
      const next = deleteWorkspace(document, { by: context.principal.id, at: this.clock.now() });
      const fact = {
        workspaceId: document.id,
        type: 'workspaces.deleted',
        payload: { slug: document.slug, purgeAt: next.purgeAt },
        subject,
        revision: revision + 1,
      };
      return {
        document: next,
        events: [this.facts.of(context, fact)],
      };
    };
    await this.workspaces.update(id, change);
    await this.announce.workspace(id);
  }
}
