import type { IncomingMessage } from 'node:http';
import { DomainError } from '@millrace/kernel';
import type { SubscribeRequest } from '../../application/live/subscribe';
import type { Where } from '../sockets/doorkeeper';

const PATH = /^\/v1\/(?:workspaces\/([A-Za-z0-9_-]{1,64})|me)\/events:stream$/;
const KNOWN: ReadonlySet<string> = new Set(['types', 'where', 'since', 'payload']);
const LONGEST = 4_096;

/** The id of the only subscription of a stream. */
export const STREAM = 'stream';

/** An event stream as a client asks for it. */
export interface AskedStream {
  readonly where: Where;
  readonly query: URLSearchParams;
  /** Position of the last event that the client had before it lost its stream. */
  readonly lastEventId: string | undefined;
}

/** What a request asks for; undefined when it is for no stream. */
export function askedStream({ method, url = '/', headers }: IncomingMessage): AskedStream | undefined {
  const { pathname, searchParams: query } = new URL(url, 'http://events');
  const match = PATH.exec(pathname);
  if (method !== 'GET' || match === null) return undefined;
  const last = headers['last-event-id'];
  return { where: match[1], query, lastEventId: typeof last === 'string' && last !== '' ? last : undefined };
}

/** The subscription that the query describes, with the names of `subscribe`; `Last-Event-ID` goes before `since`. */
export function subscriptionOf({ query, lastEventId }: AskedStream): SubscribeRequest {
  for (const [name, value] of query) {
    if (!KNOWN.has(name)) throw unfit(name, `There is no parameter "${name}" here. Use types, where, since or payload.`);
    if (value.length > LONGEST) throw unfit(name, `${name} is longer than ${LONGEST} characters.`);
  }
  const types = query.getAll('types');
  const where = query.get('where');
  const since = lastEventId ?? query.get('since');
  const paths = query.getAll('payload');
  return {
    id: STREAM,
    ...(types.length === 0 ? {} : { types }),
    ...(where === null ? {} : { where }),
    ...(since === null ? {} : { since }),
    ...(paths.length === 0 ? {} : { payload: projectionOf(paths) }),
  };
}

function projectionOf(paths: readonly string[]): NonNullable<SubscribeRequest['payload']> {
  const [only] = paths;
  return paths.length === 1 && (only === 'full' || only === 'none') ? only : paths;
}

function unfit(name: string, detail: string): DomainError {
  const errors = [{ pointer: `/${name}`, code: 'events.message_invalid', detail }];
  return new DomainError('events.message_invalid', 'invalid', detail, { errors });
}
