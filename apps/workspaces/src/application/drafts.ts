import type { Collection } from '@millrace/documents';
import type { Principal } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { emptyDraft, forgetToucher, type Draft } from '../domain/draft';
import { demandWithin, nearlyReached, PLATFORM_LIMITS, type Growth, type Limits } from '../domain/quotas/quotas';
import { answering, ensure, type Answering } from './ensure';
import { unlessGone } from './unless-gone';

/** What a change makes of a draft: a draft is never removed on its own. */
interface DraftChange<R> extends Answering<Draft, R> {
  readonly document: Draft;
}

const PAGE = 200;

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
   * Changes a draft, tells of it and of who did in the same write, and answers what the change says. A change that gives the draft it got writes nothing. One
   * that makes more of something than there may be is refused with `workspaces.quota_reached`.
   */
  async change<R>({ principal }: CallContext, workspaceId: string, change: (draft: Draft) => DraftChange<R>): Promise<R> {
    const limits = await this.limits(workspaceId);
    await ensure(this.drafts, workspaceId, () => emptyDraft(workspaceId));
    return answering(this.drafts, workspaceId, (before) => {
      const changed = change(before);
      const after = changed.document;
      demandWithin(before, after, limits);
      const document = touchedBy(principal, before, changed);
      return { ...changed, document, events: [...changed.events, ...warnings(changed.events, nearlyReached(before, after, limits))] };
    });
  }

  /**
   * Makes this the draft of a workspace that nobody finds yet, unless it has one already, and answers what is to be told of it once somebody
   * does. Refuses what `change` refuses.
   */
  async fill(document: Draft, events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
    const { workspaceId } = document;
    const [empty, limits] = [emptyDraft(workspaceId), await this.limits(workspaceId)];
    demandWithin(empty, document, limits);
    await ensure(this.drafts, workspaceId, () => empty);
    await this.drafts.update(workspaceId, (before) => ({
      document: Object.keys(before.files).length === 0 ? document : before,
      events: [],
    }));
    return [...events, ...warnings(events, nearlyReached(empty, document, limits))];
  }

  /** Forgets of all drafts that this person changed them last. May be repeated. */
  async forget(person: string): Promise<void> {
    for (;;) {
      const { items } = await this.drafts.page({ where: { toucher: person }, limit: PAGE });
      for (const { document } of items) {
        const nameless = (draft: Draft) => ({ document: forgetToucher(draft, person), events: [] });
        await this.drafts.update(document.workspaceId, nameless).catch(unlessGone);
      }
      if (items.length < PAGE) return;
    }
  }
}

/** What nothing is told of is no change of the files, and what a service does by itself is nobody's. */
function touchedBy(by: Principal, before: Draft, { document, events }: DraftChange<unknown>): Draft {
  const [first] = events;
  if (document === before || first === undefined || by.kind === 'service') return document;
  return { ...document, touched: { by, at: first.time } };
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
