import { HOP_BY_HOP, isWithheld } from '../door/header-names';

/** What an author may not say to a browser in our name: it would hold for the whole origin, or for the connection. */
const ORIGIN_WIDE = new Set([
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
]);

export interface CarriedHeader {
  readonly name: string;
  readonly value: string;
}

/** Headers of a request that an automation may see: names in lower case, in the order they came. Names and values in turn, as in `raw`. */
export function headersIn(raw: readonly string[], withAuthorization: boolean): string[] {
  const all = pairsOf(raw);
  const named = namedByConnection(all);
  const lines: string[] = [];
  for (const { name, value } of all) {
    if (isWithheld(name) || named.includes(name) || (name === 'authorization' && !withAuthorization)) continue;
    lines.push(name, value);
  }
  return lines;
}

/**
 * Headers of an automation's answer that the world may see: names in lower case. `lines`: names and values in turn. `isApart`: nothing of
 * ours is on the origin of the answer, so what would hold for the whole of it harms authors alone; a cookie for other origins still does not.
 */
export function headersOut(lines: readonly string[], isApart: boolean): readonly CarriedHeader[] {
  const allowed = (header: CarriedHeader): boolean => !ORIGIN_WIDE.has(header.name) || (isApart && isOfOrigin(header));
  return pairsOf(lines).filter((header) => !HOP_BY_HOP.has(header.name) && allowed(header));
}

function isOfOrigin({ name, value }: CarriedHeader): boolean {
  if (name === 'set-cookie') return !/;\s*domain\s*=/i.test(value);
  return name === 'content-security-policy' || name === 'content-security-policy-report-only';
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
