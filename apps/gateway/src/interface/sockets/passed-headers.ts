import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** What of a client's request is about its connection to us, its credential, or a word on who it is: none of it goes further. */
const WITHHELD = new Set([
  'authorization',
  'connection',
  'cookie',
  'forwarded',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-real-ip',
]);
const WITHHELD_PREFIX = /^(?:millrace-|x-user-|x-forwarded|x-original-)/;
const CONNECTION = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'trailer', 'transfer-encoding', 'upgrade']);

/** The headers with which a request is passed on: the client's own without what is withheld, and what we say of it. */
export function headersToPass(request: IncomingMessage, ours: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return { ...without(request.headers, (name) => WITHHELD.has(name) || WITHHELD_PREFIX.test(name)), ...ours };
}

/** The headers of an answer without those of its connection. */
export function headersToReturn(answer: IncomingMessage): OutgoingHttpHeaders {
  return without(answer.headers, (name) => CONNECTION.has(name));
}

function without(headers: IncomingHttpHeaders, isWithheld: (name: string) => boolean): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isWithheld(name)));
}
