import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { HOP_BY_HOP, isWithheld } from '../http/door/header-names';

/** The headers with which a request is passed on: the client's own without its credential and what is withheld, and what we say of it. */
export function headersToPass(request: IncomingMessage, ours: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return { ...without(request.headers, (name) => name === 'authorization' || isWithheld(name)), ...ours };
}

/** The headers of an answer without those of its connection. */
export function headersToReturn(answer: IncomingMessage): OutgoingHttpHeaders {
  return without(answer.headers, (name) => HOP_BY_HOP.has(name));
}

function without(headers: IncomingHttpHeaders, isLeftOut: (name: string) => boolean): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isLeftOut(name)));
}
