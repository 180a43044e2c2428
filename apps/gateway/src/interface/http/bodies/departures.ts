import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Milliseconds for which a client may take nothing of what is there for it. */
const IDLE = 60_000;

/**
 * Lets go of a client that takes nothing of a stream for so long: what makes the stream is not held for it for ever. A stream that has
 * nothing to say meanwhile may go on.
 */
export function demandTaking(response: ServerResponse, idle = IDLE): void {
  response.setTimeout(idle, () => {
    if (response.writableLength > 0) response.socket?.destroy();
  });
}

/** Holds all clients to it whose answer is a stream. */
export function demandTakingOf(instance: FastifyInstance, idle = IDLE): void {
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (isStream(payload)) demandTaking(reply.raw, idle);
    done();
  });
}

function isStream(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'pipe' in payload;
}
