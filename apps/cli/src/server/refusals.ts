import { ApiProblem } from '@millrace/client';
import { Refused } from '../refused';
import type { Refusal } from '../refused';

const BY_STATUS: Readonly<Record<number, Refusal | 'fault'>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'not-found',
  412: 'conflict',
  428: 'conflict',
  429: 'exhausted',
  500: 'fault',
};

/** What a server refused, or that it cannot be reached, as the command tells of it; anything else as it is. */
export function asRefusal(error: unknown, url: string): unknown {
  if (error instanceof ApiProblem) return refusalOf(error, url);
  if (isUnreachable(error)) {
    return new Refused(
      'cli.server_unreachable',
      'unavailable',
      `Nobody answers at ${url}.`,
      'start Millrace there, or name another server with --target or MILLRACE_URL.',
    );
  }
  return error;
}

function refusalOf(problem: ApiProblem, url: string): Refused {
  const { status, code, message, errors, requestId, retryAfter } = problem;
  const places = errors.map(({ pointer, detail }) => `\n${pointer} ${detail}`).join('');
  return new Refused(
    code,
    BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'invalid'),
    `${message}${places}`,
    nextOf(status, retryAfter, url),
    [requestId === undefined ? '' : `request ${requestId}   `, `${url}/problems/${code}`].join(''),
  );
}

/** What the sentence of the server cannot say, for it does not know the command. */
function nextOf(status: number, retryAfter: number | undefined, url: string): string | undefined {
  if (status === 401) return `millrace login ${url}`;
  return retryAfter === undefined ? undefined : `try again in ${retryAfter} s.`;
}

/** What `fetch` and sockets throw when nobody answers. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof TypeError && error.message === 'fetch failed') || error.message === 'websocket error';
}
