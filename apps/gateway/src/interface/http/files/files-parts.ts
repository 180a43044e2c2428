import type { StagedBlobs } from '@millrace/blobs';
import type { Clock, Principal } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import { formatTraceparent } from '@millrace/observability';
import type { FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
import { traceOf } from '../door/trace-of';

export interface FilesParts {
  readonly callers: HttpCallers;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly staged: StagedBlobs;
}

/** Milliseconds a call about a file may take. */
const PATIENCE = 30_000;

/** The context of a call about a file. The time runs from now: how long the bytes took is no matter. */
export function askedBy(request: FastifyRequest, principal: Principal, clock: Clock): CallContext {
  request.callerId = principal.id;
  const deadline = clock.now() + PATIENCE;
  return { principal, correlationId: request.id, deadline, traceparent: formatTraceparent(traceOf(request)) };
}
