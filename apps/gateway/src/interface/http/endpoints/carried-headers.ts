/** Headers that are about one connection, not about the message. */
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What says by whom a request came along; only a trusted proxy may say it, and we trust none. */
const FORWARDING: readonly string[] = ['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip'];
const FORWARDING_PREFIXES: readonly string[] = ['millrace-', 'x-user-', 'x-forwarded', 'x-original-'];

/** What an author may not say to a browser in our name: it would hold for the whole origin, or for the connection. */
const ORIGIN_WIDE: readonly string[] = [
  'access-control-allow-credentials',
  'alt-svc',
  'clear-site-data',
  'content-length',
  'content-security-policy',
  'content-security-policy-report-only',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'x-content-type-options',
  'x-request-id',
];

const NEVER_IN = new Set([...HOP_BY_HOP, ...FORWARDING, 'cookie']);
const NEVER_OUT = new Set([...HOP_BY_HOP, ...ORIGIN_WIDE]);

export interface CarriedHeader {
  readonly name: string;
  readonly value: string;
}

/** Headers of a request that an automation may see: names in lower case, in the order they came. `raw`: names and values in turn. */
export function headersIn(raw: readonly string[], withAuthorization: boolean): CarriedHeader[] {
  const all = pairsOf(raw);
  const named = namedByConnection(all);
  return all.filter(({ name }) => {
    if (NEVER_IN.has(name) || named.includes(name)) return false;
    if (name === 'authorization') return withAuthorization;
    return !FORWARDING_PREFIXES.some((prefix) => name.startsWith(prefix));
  });
}

/** Headers of an automation's answer that the world may see: names in lower case. */
export function headersOut(headers: readonly CarriedHeader[]): readonly CarriedHeader[] {
  return headers.map(({ name, value }) => ({ name: name.toLowerCase(), value })).filter(({ name }) => !NEVER_OUT.has(name));
}

function pairsOf(raw: readonly string[]): CarriedHeader[] {
  const headers: CarriedHeader[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    headers.push({ name: (raw[index] ?? '').toLowerCase(), value: raw[index + 1] ?? '' });
  return headers;
}

/** A sender may name more headers that are about this connection only. */
function namedByConnection(headers: readonly CarriedHeader[]): readonly string[] {
  const connection = headers.find(({ name }) => name === 'connection')?.value;
  if (connection === undefined || /^(?:keep-alive|close)$/i.test(connection)) return [];
  return connection.split(',').map((name) => name.trim().toLowerCase());
}
