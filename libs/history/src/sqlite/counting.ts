import { compileFilter } from '@millrace/language';
import { valuesOf } from '../field';
import type { AggregateBucket, AggregateQuery } from '../history';
import { viewOf } from '../view';
import { COLUMNS, eventOf, type Row } from './stored-event';

type By = AggregateQuery['by'];
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
  const fits = where === undefined ? () => true : compileFilter(where);
  return {
    columns: COLUMNS,
    valuesOf: (row) => {
      const event = eventOf(row);
      const view = viewOf(event);
      return fits(view) ? valuesIn(view, event.time, by) : [];
    },
  };
}

function valuesIn(view: object, time: number, by: By): readonly Value[] {
  return 'every' in by ? [spanOf(time, by.every)] : valuesOf(view, by.field);
}

function spanOf(time: number, every: number): number {
  return Math.floor(time / every) * every;
}
