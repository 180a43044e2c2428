import { IncomingMessage, request as httpRequest, STATUS_CODES, type Agent, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { eventsAway } from '../../application/find-event-instance';
import { headersToPass } from './passed-headers';
import type { Onward } from './socket-requests';

/** What the instance answered: as a request, or by becoming a WebSocket. */
export interface Answered {
  readonly answer: IncomingMessage;
  readonly upgraded?: { readonly socket: Socket; readonly head: Buffer };
}

const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' };

/** Sends the request on to its instance, with its body. `agent`: keeps connections for requests; undefined asks for a WebSocket. */
export function passOn(request: IncomingMessage, { instance, headers }: Onward, agent: Agent | undefined): ClientRequest {
  const colon = instance.address.lastIndexOf(':');
  const passed = httpRequest({
    host: instance.address.slice(0, colon),
    port: Number(instance.address.slice(colon + 1)),
    method: request.method,
    path: request.url,
    headers: headersToPass(request, agent === undefined ? { ...headers, ...UPGRADE } : headers),
    agent: agent ?? false,
  });
  if (agent === undefined) passed.end();
  else request.pipe(passed);
  return passed;
}

/** The request to become a WebSocket as its instance gets it when the connection itself is handed over: nothing of it that is not passed on. */
export function passedUpgrade(request: IncomingMessage, { headers }: Onward): IncomingMessage {
  const { socket, method, url } = request;
  return Object.assign(new IncomingMessage(socket), { method, url, headers: headersToPass(request, { ...headers, ...UPGRADE }) });
}

/** The instance's answer. Rejects with `gateway.events_away` when there comes none. */
export function answerOf(passed: ClientRequest): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  passed.on('response', (answer) => resolve({ answer }));
  passed.on('upgrade', (answer, socket, head) => resolve({ answer, upgraded: { socket, head } }));
  passed.on('error', () => reject(eventsAway()));
  return promise;
}

/** The head of an answer, header by header as it came. */
export function headOf({ statusCode = 101, rawHeaders }: IncomingMessage): string {
  let head = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}\r\n`;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) head += `${rawHeaders[index] ?? ''}: ${rawHeaders[index + 1] ?? ''}\r\n`;
  return `${head}\r\n`;
}
