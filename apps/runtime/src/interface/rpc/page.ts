const DEFAULT_LIMIT = 50;

/** What a list's request says of its page: 50 items unless it says how many. */
export function pageOf({ limit, cursor }: { readonly limit: number; readonly cursor: string }) {
  return { limit: limit === 0 ? DEFAULT_LIMIT : limit, cursor };
}
