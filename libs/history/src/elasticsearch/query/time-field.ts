import type { FilterValue } from '@millrace/language';
import { ALL, decided, NONE, type Bounds } from './bounds';
import type { Field, Relation } from './field';

// Beyond what a time can be, and still what the store takes for one.
const EVER = 8.64e15 + 1;

/** The time of the event: milliseconds that every event has. */
export class TimeField implements Field {
  equals(values: readonly FilterValue[]): Bounds {
    const times = values.filter((value): value is number => Number.isInteger(value)).filter((time) => Math.abs(time) < EVER);
    return decided(times.length === 0 ? NONE : { terms: { time: times.map((time) => time + 0) } });
  }

  isNull(): Bounds {
    return decided(NONE);
  }

  exists(): Bounds {
    return decided(ALL);
  }

  compares(relation: Relation, value: FilterValue): Bounds {
    const range = typeof value === 'number' && !Number.isNaN(value) ? rangeOf(relation, value) : undefined;
    return decided(range === undefined ? NONE : { range: { time: range } });
  }
}

/** Times are whole, so that any bound can be said as a whole one. */
function rangeOf(relation: Relation, value: number): { gte: number } | { lt: number } | undefined {
  switch (relation) {
    case '>=':
      return { gte: clamped(Math.ceil(value)) };
    case '>':
      return { gte: clamped(Math.floor(value) + 1) };
    case '<':
      return { lt: clamped(Math.ceil(value)) };
    case '<=':
      return { lt: clamped(Math.floor(value) + 1) };
    default:
      return undefined;
  }
}

function clamped(time: number): number {
  return Math.min(Math.max(time, -EVER), EVER) + 0;
}
