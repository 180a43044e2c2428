import type { FastifyInstance } from 'fastify';
import type { RefusalNews } from '../../../application/ports/refusal-news';
import type { Routes } from '../routes';

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the problem it was answered with. */
    problemCode?: string;
  }
}

/** Has the audit told of requests that were refused for who asked. */
export class RefusedRequests implements Routes {
  constructor(private readonly news: RefusalNews) {}

  mount(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const { problemCode: code, callerId, address: ip, call, routeOptions } = request;
      if (code !== undefined && (reply.statusCode === 401 || reply.statusCode === 403)) {
        const route = `${request.method} ${call?.route.path ?? routeOptions.url ?? ''}`.trim();
        const known = { ...(callerId === undefined ? {} : { caller: callerId }), ...(ip === undefined ? {} : { ip }) };
        this.news.refused({ code, route, requestId: request.id, ...known });
      }
      done();
    });
  }
}
