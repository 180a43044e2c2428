/** A literal of a filter. */
export type FilterValue = string | number | boolean | null;

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'starts with' | 'ends with' | 'contains';

/**
 * A filter over event envelopes, as plain JSON. `field` is a dot path: `type`, `time`, `subject`, `correlationId`, or anything below
 * `actor`, `source`, `target` and `payload`. `matches` holds an event type pattern and stands on `type` alone;
 * literals of `time` are milliseconds since 1970.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: Comparison; readonly field: string; readonly value: FilterValue }
  | { readonly op: 'in'; readonly field: string; readonly values: readonly FilterValue[] }
  | { readonly op: 'exists'; readonly field: string }
  | { readonly op: 'matches'; readonly field: 'type'; readonly pattern: string };

/** The fields of something else than events, where filters speak of that: named in full, as they are compared. */
export interface FilterFields {
  readonly names: ReadonlySet<string>;
  /** Those of them that hold a time: their literals are read as those of `time`. */
  readonly times: ReadonlySet<string>;
}
