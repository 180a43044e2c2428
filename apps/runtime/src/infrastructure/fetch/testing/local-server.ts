import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answering = (response: ServerResponse, seen: Seen) => unknown;

/** An HTTP server of this machine, on a free port, that remembers what it was asked. */
export class LocalServer {
  readonly seen: Seen[] = [];
  /** Connections ever made to it. */
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    readonly url: string,
  ) {}

  static async start(answer: Answering, { host = '127.0.0.1', port = 0 } = {}): Promise<LocalServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
    const { port: bound } = server.address() as AddressInfo;
    const started = new LocalServer(server, bound, `http://${host}:${bound}`);
    server.on('connection', () => {
      started.connections += 1;
    });
    server.on('request', (request, response) => {
      void started.answer(request, response, answer);
    });
    return started;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse, answer: Answering): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    this.seen.push(seen);
    answer(response, seen);
  }
}
