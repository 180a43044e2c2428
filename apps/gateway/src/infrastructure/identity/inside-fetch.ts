import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { duplexPair } from 'node:stream';
import type { CustomFetch } from 'openid-client';

/** Asks a server in this process as `fetch` would, without a connection: it counts as nobody's request, and needs no port to be open. */
export function insideFetch(listener: RequestListener): CustomFetch {
  const server = createServer(listener);
  return async (url, { method, headers, body, signal }) => {
    const [near, far] = duplexPair();
    server.emit('connection', far);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const text = body === undefined || body === null ? undefined : String(body as string | URLSearchParams);
    const { host } = new URL(url);
    httpRequest(url, {
      createConnection: () => near,
      method,
      headers: { ...headers, host, connection: 'close', ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }) },
      ...(signal && { signal }),
    })
      .once('response', resolve)
      .once('error', reject)
      .end(text);
    return answerOf(await promise);
  };
}

async function answerOf(message: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const { statusCode: status = 500, headersDistinct } = message;
  const headers = Object.entries(headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  return new Response(isBare(status) ? null : Buffer.concat(chunks), { status, headers });
}

/** Answers that may have no body at all. */
function isBare(status: number): boolean {
  return status === 204 || status === 304;
}
