import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Origins } from '../origins';
import { pathOf } from './path';
import { addVary } from './vary';
import { isEndpoint } from './workspace-places';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers pages of other origins by rules of its own. */
    ownCors?: boolean;
  }
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const SENT = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'Millrace-Api-Key'],
  ...['Prefer', 'Traceparent', 'X-Request-Id'],
].join(', ');
const READ = [
  ...['Accept-Ranges', 'Content-Disposition', 'Content-Range', 'Deprecation', 'ETag', 'Idempotency-Replayed', 'Link', 'Location'],
  ...['Millrace-Run', 'Preference-Applied', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Sunset', 'WWW-Authenticate', 'X-Request-Id'],
].join(', ');
const SECONDS = '600';
const HEADER_NAMES = /^[\w-]{1,64}(?: ?, ?[\w-]{1,64}){0,31}$/;

/**
 * Lets pages of the named origins call, without credentials of the browser's own, and of no other. Answers whether the request was a
 * question about that and has its answer.
 */
export function answerOrigin(request: FastifyRequest, reply: FastifyReply, origins: Pick<Origins, 'letsIn'>): boolean {
  const { origin } = request.headers;
  if (origin === undefined || request.routeOptions.config.ownCors === true) return false;
  addVary(reply, 'Origin');
  const path = pathOf(request.raw.url ?? '/');
  if (!origins.letsIn(path, origin)) return false;
  reply.header('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
    reply.header('access-control-expose-headers', READ);
    return false;
  }
  const answer = { 'access-control-allow-methods': METHODS, 'access-control-max-age': SECONDS };
  const sent = sendable(path, request.headers['access-control-request-headers']);
  void reply.headers(answer).header('access-control-allow-headers', sent).code(204).send();
  return true;
}

/** Endpoints may be sent any header that their authors know. */
function sendable(path: string, asked: string | undefined): string {
  return asked !== undefined && isEndpoint(path) && HEADER_NAMES.test(asked) ? asked : SENT;
}
