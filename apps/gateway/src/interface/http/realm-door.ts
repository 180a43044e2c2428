import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Routes } from './routes';

/** An identity provider in this process. */
export interface Realm {
  /** Answers a request as it came from the socket, body unread. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Hands all below the realm's path to the embedded identity provider, which reads bodies and writes answers itself. */
export class RealmDoor implements Routes {
  /** `path`: of the issuer's URL, without a slash at the end. */
  constructor(
    private readonly path: string,
    private readonly realm: Realm,
  ) {}

  mount(fastify: FastifyInstance): void {
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      scope.all(`${this.path}/*`, { config: { routeClass: 'realm', ownCors: true } }, (request, reply) => {
        reply.hijack();
        reply.raw.setHeader('x-request-id', request.id);
        this.realm.handle(request.raw, reply.raw);
      });
    });
  }

  async close(): Promise<void> {
    await this.realm.close();
  }
}
