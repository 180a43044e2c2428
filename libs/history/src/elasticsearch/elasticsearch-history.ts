import type { LoggedEvent } from '@millrace/messaging';
import {
  History,
  type AggregateBucket,
  type AggregateQuery,
  type HistoryPage,
  type HistoryQuery,
  type ItemResult,
  type WideQuery,
} from '../history';
import { cannotBeKept, LATEST } from '../record';
import { checkLimit, pageOf } from '../page';
import { Bulk } from './bulk';
import { count } from './counting/count';
import { workspacesOf } from './counting/workspaces';
import { documentId, documentOf, type Document } from './document/document';
import { Freshness } from './freshness';
import { Layout } from './layout';
import { openLayout } from './open-layout';
import { allOf } from './query/bounds';
import { conditionAmong, ofWorkspaces, viewOf } from './query/condition';
import type { Place } from './place';
import { dropBefore, removeEvents } from './removal';
import { walk } from './scan';
import { Store } from './store';

export interface ElasticsearchHistoryOptions {
  /** Of the server, `http://` or `https://`, with user and password when it wants them. */
  readonly url: string;
  /** What the names of its indices begin with. Default `millrace-events`. Whoever opens the same prefix has the same history. */
  readonly prefix?: string;
  /** Milliseconds that the server may take for one answer. Default 30,000. */
  readonly timeout?: number;
}

/**
 * The history of events in an Elasticsearch server, 8.19 or 9, shared by any number of processes. Indices hold a week each, by the time of the
 * event. Equality, order and parts of any field are found by its marks and words by our own; what the server cannot decide is asked of each event that is
 * left, by the same predicate that live delivery uses. What any process has stored is made visible before it is looked for.
 *
 * An event is known by workspace and id within its week: the log, which has each id once, sees to the rest. Every call but `append` refuses
 * with `history.store_unavailable` when the server does not answer in time; `append` answers `busy` for what is in doubt.
 */
export class ElasticsearchHistory extends History {
  private readonly bulk: Bulk;
  private readonly freshness: Freshness;

  private constructor(private readonly place: Place) {
    super();
    this.bulk = new Bulk(place.store);
    this.freshness = new Freshness(() => refresh(place));
  }

  /** Makes the indices' template when there is none. Refuses with `history.layout_differs` when what is there is made otherwise. */
  static async open({ url, prefix = 'millrace-events', timeout }: ElasticsearchHistoryOptions): Promise<ElasticsearchHistory> {
    const place = { store: new Store(url, timeout), layout: new Layout(prefix) };
    try {
      await openLayout(place);
      return new ElasticsearchHistory(place);
    } catch (error) {
      await place.store.close();
      throw error;
    }
  }

  async append(events: readonly LoggedEvent[]): Promise<readonly ItemResult[]> {
    this.place.store.requireOpen();
    const documents: Document[] = [];
    const answers = events.map((event): ItemResult | undefined => {
      try {
        documents.push(documentOf(event, this.place.layout));
        return undefined;
      } catch (error) {
        return cannotBeKept(error);
      }
    });
    const written = (await this.bulk.write(documents)).values();
    return answers.map((answer) => answer ?? written.next().value ?? { kind: 'busy', reason: 'The store did not answer for the event.' });
  }

  async get(workspaceId: string, id: string): Promise<LoggedEvent | undefined> {
    await this.freshness.ensure();
    const query = allOf([{ ids: { values: [documentId(workspaceId, id)] } }, { term: { workspace: workspaceId } }]);
    let found: LoggedEvent | undefined;
    await walk(this.place, { query, sort: 'oldest', first: 1 }, (event) => {
      found = event;
      return false;
    });
    return found;
  }

  search({ workspaceId, ...query }: HistoryQuery): Promise<HistoryPage> {
    return this.page([workspaceId], query);
  }

  searchWidely({ workspaces, ...query }: WideQuery): Promise<HistoryPage> {
    return this.page(workspaces, query);
  }

  private async page(workspaces: readonly string[] | undefined, query: Omit<HistoryQuery, 'workspaceId'>): Promise<HistoryPage> {
    const { limit, sort, after } = query;
    this.place.store.requireOpen();
    checkLimit(limit);
    const { scope, bounds, fits } = conditionAmong(ofWorkspaces(workspaces), query);
    await this.freshness.ensure();
    const found: LoggedEvent[] = [];
    await walk(this.place, { query: allOf([scope, bounds.may]), sort, first: limit + 1, ...(after && { after }) }, (event) => {
      if (fits?.(viewOf(event)) ?? true) found.push(event);
      return found.length <= limit;
    });
    return pageOf(found, limit);
  }

  async aggregate(query: AggregateQuery): Promise<readonly AggregateBucket[]> {
    const { by, signal } = query;
    await this.freshness.ensure();
    const tally = await count({ ...this.place, ...(signal && { signal }) }, query).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
    return 'every' in by ? tally.inOrder() : tally.mostFirst(by.limit);
  }

  async workspaces(): Promise<readonly string[]> {
    await this.freshness.ensure();
    return (await workspacesOf(this.place)).toSorted();
  }

  async drop(workspaceId: string, before: number): Promise<number> {
    await this.freshness.ensure();
    return dropBefore(this.place, workspaceId, Math.min(before, LATEST + 1));
  }

  async remove(workspaceId: string, ids: readonly string[]): Promise<number> {
    await this.freshness.ensure();
    return removeEvents(this.place, workspaceId, ids);
  }

  async close(): Promise<void> {
    await this.place.store.close();
  }
}

async function refresh({ store, layout }: Place): Promise<void> {
  await store.ask((client) => client.indices.refresh({ index: layout.pattern }));
}
