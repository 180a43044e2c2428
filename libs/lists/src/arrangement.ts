import { DomainError } from '@millrace/kernel';
import { compileFilter, parseFilter } from '@millrace/language';
import { Order, type Place } from './order';
import { filterInvalid, sortInvalid } from './refusals';
import type { Rows } from './rows';

/** An item of a list with where it stands there. */
export interface Placed<T> {
  readonly item: T;
  readonly place: Place;
}

/** What of a list is wanted, and in which order. */
export class Arrangement {
  private readonly fits: (row: object) => boolean;
  private readonly order: Order;

  /** Refuses with `lists.filter_invalid` and `lists.sort_invalid`. */
  constructor(
    private readonly rows: Rows,
    { where, sort }: { readonly where: string; readonly sort: string },
  ) {
    this.fits = filterOf(where, rows);
    this.order = orderOf(sort, rows);
  }

  /** Those of some items that are wanted and stand behind a place, as they came. */
  among<T extends object>(items: readonly T[], after: Place | undefined): readonly Placed<T>[] {
    return items.flatMap((item) => {
      const row = this.rows.of(item);
      const place = this.order.place(row);
      return this.fits(row) && (after === undefined || this.order.compare(place, after) > 0) ? [{ item, place }] : [];
    });
  }

  /** The first ones, in their order. */
  first<T>(found: readonly Placed<T>[], most: number): readonly Placed<T>[] {
    return [...found].sort((a, b) => this.order.compare(a.place, b.place)).slice(0, most);
  }
}

function filterOf(where: string, rows: Rows): (row: object) => boolean {
  if (where === '') return () => true;
  try {
    return compileFilter(parseFilter(where, rows.filtered));
  } catch (error) {
    throw error instanceof DomainError ? filterInvalid(error) : error;
  }
}

function orderOf(sort: string, { order, sortable, key }: Rows): Order {
  const asked = sort === '' ? order : sort;
  const isDescending = asked.startsWith('-');
  const field = isDescending ? asked.slice(1) : asked;
  if (!sortable.includes(field)) throw sortInvalid(field, sortable);
  return new Order(field, isDescending, key);
}
