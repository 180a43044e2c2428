import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, type SentProblem } from '../problems/problem';
import { malformed } from '../problems/refusals';

/** What to tell of bytes that never became a request; undefined when nobody is there to hear it. */
export function clientRefusal(error: NodeJS.ErrnoException, socket: Socket): Error | undefined {
  if (!socket.writable || error.code === 'ECONNRESET') return undefined;
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return malformed('headers_too_large', 'The headers are larger than 16 KiB. Send less in them.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return malformed('request_timeout', 'The request did not arrive in time. Send it again.');
    default:
      return malformed('request_invalid', 'This is not an HTTP request. Check what sends it.');
  }
}

/** Answers on a connection that has no request, and ends it. */
export function answerClient(socket: Socket, { status, body }: SentProblem): void {
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
