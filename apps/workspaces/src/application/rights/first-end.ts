/** The first of some ends, milliseconds since 1970, as a place has it; nothing when none of them ends. */
export function firstEnd(ends: readonly (number | undefined)[]): { readonly until?: number } {
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? {} : { until: Math.min(...known) };
}
