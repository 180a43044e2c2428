import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isHidden } from '../../domain/life';
import { changeWorkspace, type Workspace } from '../../domain/workspace';
import type { Facts } from '../facts';

/** The photos of workspaces, which are files of theirs. */
export class Photos {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly facts: Facts,
    private readonly clock: Clock,
  ) {}

  /** The file is about to go: a workspace that has it as its photo has none from now on. */
  async forget(context: CallContext, workspaceId: string, file: string): Promise<void> {
    if ((await this.workspaces.find(workspaceId))?.document.photo !== file) return;
    await this.workspaces.update(workspaceId, (document, revision) => {
      if (document.photo !== file || isHidden(document)) return { document, events: [] };
      const { workspace, changed } = changeWorkspace(document, { photo: '' }, { by: context.principal.id, at: this.clock.now() });
      const subject = `workspace/${workspaceId}`;
      const fact = { workspaceId, type: 'workspaces.updated', payload: { changed }, subject, revision: revision + 1 };
      return { document: workspace, events: [this.facts.of(context, fact)] };
    });
  }
}
