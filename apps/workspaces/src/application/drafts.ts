import type { Collection } from '@millrace/documents';
import { emptyDraft, type Draft } from '../domain/draft';
import { answering, ensure, type Answering } from './ensure';

/** The drafts, each made when it is first written to. */
export class Drafts {
  constructor(private readonly drafts: Collection<Draft>) {}

  async read(workspaceId: string): Promise<Draft> {
    return (await this.drafts.find(workspaceId))?.document ?? emptyDraft(workspaceId);
  }

  /** Changes a draft, tells of it in the same write, and answers what the change says. A change that gives the draft it got writes nothing. */
  async change<R>(workspaceId: string, change: (draft: Draft) => Answering<Draft, R>): Promise<R> {
    await ensure(this.drafts, workspaceId, () => emptyDraft(workspaceId));
    return answering(this.drafts, workspaceId, change);
  }
}
