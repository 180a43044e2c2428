import type { estypes } from '@elastic/elasticsearch';
import { valuesOf } from '../../field';
import { beginningOf, leafOf } from '../document/terms';
import { allOf, noneOf, type Query } from '../query/bounds';
import { MarkedField } from '../query/marked-field';
import { literally } from '../query/type-pattern';
import { search, type Place } from '../place';
import type { Counts, Grouping } from './grouping';

// With more the store would guess.
const MOST_VALUES = 10_000;

type Values = estypes.AggregationsStringTermsAggregate;

/** By the values of a field that events are marked with. */
export function byLeaf(path: string): Grouping {
  const field = new MarkedField(path);
  return {
    sure: noneOf(field.odd),
    counted: async (place, query) => {
      const values = await valuesAt(place, query, path);
      const absent = await countOf(place, allOf([query, field.absent]));
      return values && [...values, [null, absent]];
    },
    valuesOf: (view) => valuesOf(view, path),
  };
}

async function valuesAt(place: Place, query: Query, path: string): Promise<Counts | undefined> {
  const terms = { field: 'kv', include: `${literally(beginningOf(path))}.*`, size: MOST_VALUES };
  const { aggregations } = await search<unknown, { values: Values }>(place, query, { size: 0, aggs: { values: { terms } } });
  const found = aggregations?.values.buckets ?? [];
  const buckets = Array.isArray(found) ? found : [];
  if (buckets.length === MOST_VALUES) return undefined;
  return buckets.map(({ key, doc_count: count }) => [leafOf(String(key)) ?? null, count]);
}

async function countOf(place: Place, query: Query): Promise<number> {
  const { hits } = await search(place, query, { size: 0, track_total_hits: true });
  return typeof hits.total === 'object' ? hits.total.value : (hits.total ?? 0);
}
