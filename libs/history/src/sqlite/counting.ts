import { valuesOf } from '../field';
import type { AggregateBucket, AggregateQuery } from '../history';
import type { Row } from './stored-event';
import { predicateOf, viewerFor } from './viewer';

type Value = AggregateBucket['value'];

/** What an aggregation reads of each row, and makes of it. */
export interface Counting {
  readonly columns: string;
  /** The buckets that the row counts in. */
  readonly valuesOf: (row: Row) => readonly Value[];
}

/** Types and times alone are counted from the index; anything else reads the events. */
export function counting({ by, where }: AggregateQuery): Counting {
  if (where === undefined && ('every' in by || by.field === 'type')) {
    return {
      columns: 'e.type, e.time',
      valuesOf: ({ type, time }) => ['every' in by ? spanOf(Number(time), by.every) : String(type)],
    };
  }
  const fits = predicateOf(where);
  const values = 'every' in by ? ({ time }: Row) => [spanOf(Number(time), by.every)] : valuesBy(by.field);
  return { columns: 'e.time, e.envelope, e.payload', valuesOf: (row) => (fits(row) ? values(row) : []) };
}

function valuesBy(field: string): (row: Row) => readonly Value[] {
  const view = viewerFor([field]);
  return (row) => valuesOf(view(row), field);
}

function spanOf(time: number, every: number): number {
  return Math.floor(time / every) * every;
}
