import type { Collection } from '@millrace/documents';
import type { NewEvent } from '@millrace/messaging';
import { emptyDraft, type Draft } from '../domain/draft';

/** The drafts, each made when it is first written to. */
export class Drafts {
  constructor(private readonly drafts: Collection<Draft>) {}

  async read(workspaceId: string): Promise<Draft> {
    return (await this.drafts.find(workspaceId))?.document ?? emptyDraft(workspaceId);
  }

  /** Changes a draft and tells of it in the same write. A change that gives the draft it got writes nothing. */
  async change(workspaceId: string, change: (draft: Draft) => { draft: Draft; events: readonly NewEvent[] }): Promise<Draft> {
    if ((await this.drafts.find(workspaceId)) === undefined) await this.begin(workspaceId);
    const stored = await this.drafts.update(workspaceId, (document) => {
      const { draft, events } = change(document);
      return { document: draft, events };
    });
    return stored?.document ?? emptyDraft(workspaceId);
  }

  private async begin(workspaceId: string): Promise<void> {
    await this.drafts.insert(emptyDraft(workspaceId)).catch(async (error: unknown) => {
      if ((await this.drafts.find(workspaceId)) === undefined) throw error;
    });
  }
}
