import type { estypes } from '@elastic/elasticsearch';
import { ALL, type Query } from '../query/bounds';
import type { View } from '../query/condition';
import { search, type Place } from '../place';
import type { Counts, Grouping, Value } from './grouping';

const AT_ONCE = 1_000;

type Source = estypes.AggregationsCompositeAggregationSource;
type Buckets = estypes.AggregationsCompositeAggregate;

/** By what each event has once, in a column of its own: the store counts all there is, portion by portion. */
export function bySource(source: Source, read: (key: unknown) => Value, valuesOf: (view: View) => readonly Value[]): Grouping {
  const counted = async (place: Place, query: Query): Promise<Counts> => {
    const counts: [Value, number][] = [];
    for (let after: Buckets['after_key'] | undefined; ;) {
      const found = await portion(place, query, { sources: [{ value: source }], size: AT_ONCE, ...(after && { after }) });
      const buckets = Array.isArray(found.buckets) ? found.buckets : [];
      for (const { key, doc_count: count } of buckets) counts.push([read(key['value']), count]);
      after = found.after_key;
      if (after === undefined || buckets.length < AT_ONCE) return counts;
    }
  };
  return { sure: ALL, counted, valuesOf };
}

async function portion(place: Place, query: Query, composite: estypes.AggregationsCompositeAggregation): Promise<Buckets> {
  const { aggregations } = await search<unknown, { values: Buckets }>(place, query, { size: 0, aggs: { values: { composite } } });
  return aggregations?.values ?? { buckets: [] };
}
