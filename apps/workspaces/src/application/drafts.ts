import type { Collection } from '@millrace/documents';
import type { NewEvent } from '@millrace/messaging';
import { emptyDraft, type Draft } from '../domain/draft';
import { demandWithin, nearlyReached, PLATFORM_LIMITS, type Growth, type Limits } from '../domain/quotas/quotas';
import { answering, ensure, type Answering } from './ensure';

/** What a change makes of a draft: a draft is never removed on its own. */
interface DraftChange<R> extends Answering<Draft, R> {
  readonly document: Draft;
}

/** The drafts, each made when it is first written to. */
export class Drafts {
  /** `limits`: the most that there may be in a workspace. */
  constructor(
    private readonly drafts: Collection<Draft>,
    private readonly limits: (workspaceId: string) => Promise<Limits> = () => Promise.resolve(PLATFORM_LIMITS),
  ) {}

  async read(workspaceId: string): Promise<Draft> {
    return (await this.drafts.find(workspaceId))?.document ?? emptyDraft(workspaceId);
  }

  /**
   * Changes a draft, tells of it in the same write, and answers what the change says. A change that gives the draft it got writes nothing. One
   * that makes more of something than there may be is refused with `workspaces.quota_reached`.
   */
  async change<R>(workspaceId: string, change: (draft: Draft) => DraftChange<R>): Promise<R> {
    const limits = await this.limits(workspaceId);
    await ensure(this.drafts, workspaceId, () => emptyDraft(workspaceId));
    return answering(this.drafts, workspaceId, (before) => {
      const changed = change(before);
      const after = changed.document;
      demandWithin(before, after, limits);
      return { ...changed, events: [...changed.events, ...warnings(changed.events, nearlyReached(before, after, limits))] };
    });
  }
}

const encoder = new TextEncoder();

/** That quotas fill is told with what filled them, by whom and in which story. */
function warnings([first]: readonly NewEvent[], grown: readonly Growth[]): readonly NewEvent[] {
  if (first === undefined) return [];
  return grown.map(({ name, used, limit }) => ({
    ...first,
    id: `${first.id.slice(0, 40)}-${name}`,
    type: 'workspaces.quotas.reached',
    subject: `quota/${name}`,
    payload: encoder.encode(JSON.stringify({ quota: name, used, limit })),
  }));
}
