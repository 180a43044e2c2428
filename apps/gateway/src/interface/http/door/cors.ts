import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenOrigins } from '../../../application/ports/open-origins';
import { decodePart, pathOf } from './path';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers pages of other origins by rules of its own. */
    ownCors?: boolean;
  }
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const SENT = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, Traceparent, X-Request-Id';
const READ = [
  ...['Deprecation', 'ETag', 'Idempotency-Replayed', 'Link', 'Location', 'Preference-Applied', 'RateLimit', 'RateLimit-Policy'],
  ...['Retry-After', 'Sunset', 'WWW-Authenticate', 'X-Request-Id'],
].join(', ');
const SECONDS = '600';
const HEADER_NAMES = /^[\w-]{1,64}(?: ?, ?[\w-]{1,64}){0,31}$/;

/** What a workspace may open to pages of its own: its endpoints, its events, the bytes of its files. */
const ENDPOINT = /^\/(?:v1\/workspaces\/([^/]+)\/webhooks|e\/([^/]+))\//;
const EVENTS_OR_FILE = /^\/v1\/workspaces\/([^/]+)\/(?:events(?:[:/].*)?|files\/[^/]+\/content)$/;

/** Lets pages of other origins call, without credentials of the browser's own: those the operators named, everywhere; a workspace's, in its own places. */
export class Cors {
  private readonly everywhere: ReadonlySet<string>;

  constructor(
    origins: readonly string[],
    private readonly open?: OpenOrigins,
  ) {
    this.everywhere = new Set(origins);
  }

  /** Answers whether the request was a question about that and has its answer. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean {
    const { origin } = request.headers;
    if (origin === undefined || request.routeOptions.config.ownCors === true) return false;
    reply.header('vary', 'Origin');
    if (!this.letsIn(request, origin)) return false;
    reply.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', READ);
      return false;
    }
    const answer = { 'access-control-allow-methods': METHODS, 'access-control-max-age': SECONDS };
    void reply.headers(answer).header('access-control-allow-headers', sendable(request)).code(204).send();
    return true;
  }

  private letsIn({ raw: { url = '/' } }: FastifyRequest, origin: string): boolean {
    if (this.everywhere.has(origin)) return true;
    const path = pathOf(url);
    const [, long, short] = ENDPOINT.exec(path) ?? EVENTS_OR_FILE.exec(path) ?? [];
    const workspace = long ?? short;
    return workspace !== undefined && this.open?.letsIn(decodePart(workspace), origin) === true;
  }
}

/** Endpoints may be sent any header that their authors know. */
function sendable({ raw: { url = '/' }, headers }: FastifyRequest): string {
  const asked = headers['access-control-request-headers'];
  return asked !== undefined && ENDPOINT.test(pathOf(url)) && HEADER_NAMES.test(asked) ? asked : SENT;
}
