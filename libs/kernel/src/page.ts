/** One page of a list. `nextCursor` is absent on the last page; it is opaque to whoever asked. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** The page that is asked for: at most so many items, those after the page whose `nextCursor` it was; empty: the first ones. */
export interface AskedPage {
  readonly limit: number;
  readonly cursor: string;
}
