import { randomFillSync } from 'node:crypto';
import { childTrace, parseTraceparent, type TraceContext } from '@millrace/observability';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    trace?: TraceContext;
  }
}

const POOL = 4_096;
const pool = new Uint8Array(POOL);
let used = POOL;

/** Our step in the caller's trace, or the first of a new one; the same for the whole request. */
export function traceOf(request: FastifyRequest): TraceContext {
  const parent = request.headers['traceparent'];
  request.trace ??= childTrace(parseTraceparent(typeof parent === 'string' ? parent : undefined), random);
  return request.trace;
}

/** Random bytes, drawn from the system a page at a time: asking for a few costs more than all else a small request does. */
function random(bytes: number): Uint8Array {
  if (used + bytes > POOL) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.slice(used - bytes, used);
}
