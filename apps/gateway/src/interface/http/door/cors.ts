import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers pages of other origins by rules of its own. */
    ownCors?: boolean;
  }
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const SENT = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, Traceparent, X-Request-Id';
const READ =
  'Deprecation, ETag, Idempotency-Replayed, Link, Location, Preference-Applied, Retry-After, Sunset, WWW-Authenticate, X-Request-Id';
const SECONDS = '600';

/**
 * Lets pages of the named origins call, without credentials of the browser's own, and of no other. Answers whether the request was a
 * question about that and has its answer.
 */
export function answerOrigin(request: FastifyRequest, reply: FastifyReply, origins: ReadonlySet<string>): boolean {
  const { origin } = request.headers;
  if (origin === undefined || request.routeOptions.config.ownCors === true) return false;
  reply.header('vary', 'Origin');
  if (!origins.has(origin)) return false;
  reply.header('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
    reply.header('access-control-expose-headers', READ);
    return false;
  }
  const answer = { 'access-control-allow-methods': METHODS, 'access-control-allow-headers': SENT, 'access-control-max-age': SECONDS };
  void reply.headers(answer).code(204).send();
  return true;
}
