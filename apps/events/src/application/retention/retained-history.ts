import {
  History,
  type AggregateBucket,
  type AggregateQuery,
  type HistoryPage,
  type HistoryQuery,
  type ItemResult,
  type WideQuery,
} from '@millrace/history';
import type { Clock } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import type { Retentions } from '../ports/retentions';
import { expired, isExpired, keptSince } from './rules';

/** The history without what is kept no longer: hidden from the moment on at which it expires, whether or not it was removed yet. */
export class RetainedHistory extends History {
  constructor(
    private readonly history: History,
    private readonly retentions: Retentions,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async get(workspaceId: string, id: string): Promise<LoggedEvent | undefined> {
    const event = await this.history.get(workspaceId, id);
    return event === undefined || isExpired(this.retentions.of(workspaceId), event, this.clock.now()) ? undefined : event;
  }

  override async search(query: HistoryQuery): Promise<HistoryPage> {
    return this.history.search(this.narrowed(query));
  }

  /** Each workspace has rules of its own, so what has expired is left out of what was found. */
  override async searchWidely(query: WideQuery): Promise<HistoryPage> {
    const items: LoggedEvent[] = [];
    for (let asked = query; ;) {
      const { items: found, next } = await this.history.searchWidely({ ...asked, limit: query.limit - items.length });
      const now = this.clock.now();
      items.push(...found.filter((event) => !isExpired(this.retentions.of(event.workspaceId), event, now)));
      if (next === undefined) return { items };
      if (items.length === query.limit) return { items, next };
      asked = { ...asked, after: next };
    }
  }

  override async aggregate(query: AggregateQuery): Promise<readonly AggregateBucket[]> {
    return this.history.aggregate(this.narrowed(query));
  }

  override append(events: readonly LoggedEvent[]): Promise<readonly ItemResult[]> {
    return this.history.append(events);
  }

  override workspaces(): Promise<readonly string[]> {
    return this.history.workspaces();
  }

  override drop(workspaceId: string, before: number): Promise<number> {
    return this.history.drop(workspaceId, before);
  }

  override remove(workspaceId: string, ids: readonly string[]): Promise<number> {
    return this.history.remove(workspaceId, ids);
  }

  /** The history is its owner's to close. */
  override async close(): Promise<void> {}

  private narrowed<Q extends { readonly workspaceId: string; readonly where?: Filter; readonly from?: number }>(query: Q): Q {
    const now = this.clock.now();
    const rules = this.retentions.of(query.workspaceId);
    if (query.from !== undefined && query.from > keptSince(rules, now)) return query;
    const kept: Filter = { op: 'not', filter: expired(rules, now) };
    return { ...query, where: query.where === undefined ? kept : { op: 'and', filters: [query.where, kept] } };
  }
}
