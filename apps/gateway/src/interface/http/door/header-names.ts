/** Headers that are about one connection, not about the message. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
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
]);

/** What says by whom a request came along (only a trusted proxy may, and we trust none), and the cookie, which is the gateway's. */
const OURS_TO_SAY: ReadonlySet<string> = new Set([
  'cookie',
  'forwarded',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-real-ip',
]);
const OURS_BY_PREFIX = /^(?:millrace-|x-user-|x-forwarded|x-original-)/;

/** Whether a header of a client, by its lower-case name, goes no further than the gateway. */
export function isWithheld(name: string): boolean {
  return HOP_BY_HOP.has(name) || OURS_TO_SAY.has(name) || OURS_BY_PREFIX.test(name);
}
