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
    const demanded = demandOn(conditions);
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
    await this.workspaces.update(workspace.id, change);
    await this.announce.workspace(workspace.id);
  }
}
