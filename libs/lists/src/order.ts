import type { Row, RowValue } from './rows';

/** Where an item stands in a list: what it is sorted by, and what tells it from others with the same. */
export interface Place {
  readonly value: RowValue;
  readonly key: RowValue;
}

/** The order of a list: by a field, and by the key among those that have the same there. Both ways, or both the other way round. */
export class Order {
  constructor(
    private readonly field: string,
    private readonly isDescending: boolean,
    private readonly key: string,
  ) {}

  place(row: Row): Place {
    return { value: row[this.field] as RowValue, key: row[this.key] as RowValue };
  }

  /** As `sort` wants it. Items with nothing in the field are the smallest. */
  compare(a: Place, b: Place): number {
    const ascending = compareValues(a.value, b.value) || compareValues(a.key, b.key);
    return this.isDescending ? -ascending : ascending;
  }
}

function compareValues(a: RowValue, b: RowValue): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
