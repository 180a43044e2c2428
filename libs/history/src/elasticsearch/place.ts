import type { estypes } from '@elastic/elasticsearch';
import type { Layout } from './layout';
import type { Query } from './query/bounds';
import type { Store } from './store';

/** A history in a store. */
export interface Place {
  readonly store: Store;
  readonly layout: Layout;
  /** Gives up looking when it is aborted. */
  readonly signal?: AbortSignal;
}

type Rest = Omit<estypes.SearchRequest, 'index' | 'query' | 'allow_partial_search_results'>;

/** Looks for events in all indices of a history. When one of them is away it refuses: what is left out unsaid would pass for all. */
export function search<Kept, Aggregations = unknown>(
  { store, layout, signal }: Place,
  query: Query,
  rest: Rest,
): Promise<estypes.SearchResponse<Kept, Aggregations>> {
  const asked = { index: layout.pattern, query: { bool: { filter: [query] } }, allow_partial_search_results: false, ...rest };
  return store.ask((client) => client.search<Kept, Aggregations>(asked, signal && { signal }));
}
