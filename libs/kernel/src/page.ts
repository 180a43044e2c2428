/** One page of a list. `nextCursor` is absent on the last page; it is opaque to whoever asked. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}
