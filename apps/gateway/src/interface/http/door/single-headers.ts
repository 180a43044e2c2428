import { malformed } from '../problems/refusals';

/** Headers of which Node keeps the first and another reader may keep the last: who is calling, for whom, and how the body is read. */
const SINGLE: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host', 'millrace-api-key']);

/** Refuses (`api.header_twice`) a request in which one of those stands twice. `raw`: names and values in turn, as they came. */
export function checkSingleHeaders(raw: readonly string[]): void {
  let seen: Set<string> | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    seen ??= new Set();
    if (seen.has(name)) throw malformed('header_twice', `The header "${name}" stands twice in the request. Send it once.`);
    seen.add(name);
  }
}
