import { randomFillSync } from 'node:crypto';
import { childTrace, parseTraceparent, type TraceContext } from '@millrace/observability';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    trace?: TraceContext;
    /** It was passed on by somebody whose word on it counts. */
    comesByTrusted?: boolean;
  }
}

const POOL = 4_096;
const pool = new Uint8Array(POOL);
let used = POOL;

/**
 * Our step in the trace of a caller who is trusted to have one, or the first of a new one; the same for the whole request. Anybody else
 * could put what they do into a trace of others.
 */
export function traceOf(request: FastifyRequest): TraceContext {
  request.trace ??= childTrace(request.comesByTrusted === true ? traceOfCaller(request) : undefined, random);
  return request.trace;
}

/** The trace that a caller says it is in, and that is not gone on with: for the log, so that the two can be found together. */
export function linkedTrace(request: FastifyRequest): string | undefined {
  return request.comesByTrusted === true ? undefined : traceOfCaller(request)?.traceId;
}

function traceOfCaller({ headers: { traceparent } }: FastifyRequest): TraceContext | undefined {
  return parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
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
