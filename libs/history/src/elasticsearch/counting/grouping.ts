import type { AggregateBucket, AggregateQuery } from '../../history';
import { valuesOf } from '../../field';
import { NONE, type Query } from '../query/bounds';
import type { View } from '../query/condition';
import { isMarked } from '../query/field';
import type { Place } from '../place';
import { byLeaf } from './by-leaf';
import { bySource } from './by-source';

export type Value = AggregateBucket['value'];

/** How often each value is there. */
export type Counts = readonly (readonly [Value, number])[];

/** What events are counted by. */
export interface Grouping {
  /** The events of which the store knows what they hold. */
  readonly sure: Query;
  /** Counts such events by the store; undefined when they hold more values than it counts. */
  readonly counted: (place: Place, query: Query) => Promise<Counts | undefined>;
  /** The values that one event counts for. */
  readonly valuesOf: (view: View) => readonly Value[];
}

export function groupingOf(by: AggregateQuery['by']): Grouping {
  if ('every' in by) {
    const spanOf = (time: number): number => Math.floor(time / by.every) * by.every;
    return bySource({ histogram: { field: 'time', interval: by.every } }, Number, ({ time }) => [spanOf(time)]);
  }
  const { field } = by;
  if (field === 'type') return bySource({ terms: { field } }, String, ({ type }) => [type]);
  if (isMarked(field)) return byLeaf(field);
  return { sure: NONE, counted: async () => [], valuesOf: (view) => valuesOf(view, field) };
}
