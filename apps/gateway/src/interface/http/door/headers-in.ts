import { malformed } from '../problems/refusals';

/** Headers of which Node keeps the first and another reader may keep the last: who is calling, for whom, and how the body is read. */
const SINGLE: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host', 'millrace-api-key']);

const MOST = 100;

/**
 * Refuses (`api.headers_too_large`) a request of more than 100 headers, and (`api.header_twice`) one in which a header stands twice that
 * may stand once. `raw`: names and values in turn, as they came.
 */
export function checkHeaders(raw: readonly string[]): void {
  // Node drops what comes after the thousandth, which is more than are taken here.
  if (raw.length > 2 * MOST) throw malformed('headers_too_large', `These are more than ${MOST} headers. Send fewer of them.`);
  checkSingle(raw);
}

function checkSingle(raw: readonly string[]): void {
  let seen: Set<string> | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    seen ??= new Set();
    if (seen.has(name)) throw malformed('header_twice', `The header "${name}" stands twice in the request. Send it once.`);
    seen.add(name);
  }
}
