import type { estypes } from '@elastic/elasticsearch';

export type Query = estypes.QueryDslQueryContainer;

/**
 * What the store can say of a condition: every event that fits has `may`, every event that has `must` fits. Where both are one and the same
 * query the store decides alone; in between, the events are asked one by one.
 */
export interface Bounds {
  readonly may: Query;
  readonly must: Query;
}

export const ALL: Query = { match_all: {} };
export const NONE: Query = { match_none: {} };

/** Nothing is known: any event may fit. */
export const UNDECIDED: Bounds = { may: ALL, must: NONE };

/** A condition that the store decides. */
export function decided(query: Query): Bounds {
  return { may: query, must: query };
}

/** Whether the store decides alone. */
export function isDecided({ may, must }: Bounds): boolean {
  return may === must;
}

/** Bounds of "all of these hold". */
export function all(parts: readonly Bounds[]): Bounds {
  return joined(parts, allOf);
}

/** Bounds of "one of these holds". */
export function any(parts: readonly Bounds[]): Bounds {
  return joined(parts, anyOf);
}

/** Bounds of "this does not hold". */
export function not(bounds: Bounds): Bounds {
  return isDecided(bounds) ? decided(noneOf(bounds.may)) : { may: noneOf(bounds.must), must: noneOf(bounds.may) };
}

export function allOf(queries: readonly Query[]): Query {
  if (queries.includes(NONE)) return NONE;
  const [first = ALL, ...others] = queries.filter((query) => query !== ALL);
  return others.length === 0 ? first : { bool: { filter: [first, ...others] } };
}

export function anyOf(queries: readonly Query[]): Query {
  if (queries.includes(ALL)) return ALL;
  const [first = NONE, ...others] = queries.filter((query) => query !== NONE);
  return others.length === 0 ? first : { bool: { should: [first, ...others], minimum_should_match: 1 } };
}

export function noneOf(query: Query): Query {
  if (query === ALL) return NONE;
  return query === NONE ? ALL : { bool: { must_not: [query] } };
}

function joined(parts: readonly Bounds[], join: (queries: readonly Query[]) => Query): Bounds {
  const may = join(parts.map((part) => part.may));
  return parts.every(isDecided) ? decided(may) : { may, must: join(parts.map((part) => part.must)) };
}
