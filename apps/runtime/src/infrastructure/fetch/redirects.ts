import type { Outgoing } from './request/outgoing';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that say who is asking. Keys travel under many names, so whatever sounds like one stays at home. */
const CREDENTIALS = /^(?:authorization|cookie2?|proxy-authorization)$|api-?key|token|secret|password|credential|signature|session/;

/** Headers that describe a body. */
const OF_A_BODY = /^(?:content-|idempotency-key$)/;

/** Whether an answer sends the asker elsewhere. */
export function isRedirect(status: number, location: string | undefined): location is string {
  return REDIRECTS.has(status) && location !== undefined;
}

/**
 * The request that a redirect asks for, by the rules of the fetch standard: after 303, and after 301 and 302 to a POST, a GET without a
 * body; otherwise the same again. Another origin gets none of the credentials. Undefined when the location is no URL.
 */
export function redirected(from: Outgoing, status: number, location: string): Outgoing | undefined {
  if (!URL.canParse(location, from.url.href)) return undefined;
  const url = new URL(location, from.url.href);
  const becomesGet = status === 303 ? from.method !== 'HEAD' : (status === 301 || status === 302) && from.method === 'POST';
  const { body, ...bare } = from;
  const headers = Object.entries(from.headers).filter(
    ([name]) => !(becomesGet && OF_A_BODY.test(name)) && !(url.origin !== from.url.origin && CREDENTIALS.test(name)),
  );
  return {
    ...bare,
    url,
    method: becomesGet ? 'GET' : from.method,
    headers: Object.fromEntries(headers),
    ...(becomesGet || body === undefined ? {} : { body }),
  };
}
