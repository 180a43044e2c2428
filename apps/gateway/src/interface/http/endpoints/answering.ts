import type { CallContext } from '@millrace/messaging';
import { formatTraceparent, type Log } from '@millrace/observability';
import type { Clock } from '@millrace/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
import type { EndpointOrigin } from '../door/endpoint-origin';
import { traceOf } from '../door/trace-of';
import type { Policies } from '../policies/policies';
import { headOf, pour, writeHead, type EndpointPart } from './endpoint-answer';

export interface AnsweringParts {
  readonly callers: HttpCallers;
  readonly policies: Pick<Policies, 'count'>;
  readonly apart: EndpointOrigin;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks the runtime for an answer. `ours`: the caller's authorization was a credential of ours. */
export type Ask = (context: CallContext, ours: boolean) => AsyncGenerator<EndpointPart, void>;

interface Waiting {
  /** Milliseconds until the head of the answer, and between two pieces of it. */
  readonly patience: number;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

/** Lets answers of automations flow to their callers as they are made. */
export class Answering {
  constructor(private readonly parts: AnsweringParts) {}

  /** `patience`: milliseconds until the head of the answer, and between two pieces of it. */
  async serve(request: FastifyRequest, reply: FastifyReply, patience: number, ask: Ask): Promise<void> {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const answer = await this.ask(request, reply, { patience, signal: gone.signal }, ask);
    let begun: Uint8Array;
    try {
      const first = await answer.next();
      const head = headOf(first.value ?? undefined);
      writeHead(reply.raw, head, { usual: reply.getHeaders(), isApart: this.parts.apart.isHere(request) });
      begun = head.body;
    } catch (error) {
      await answer.return();
      if (!gone.signal.aborted) throw error;
      reply.hijack();
      return;
    }
    reply.hijack();
    await pour(begun, answer, reply.raw, gone.signal).catch((error: unknown) => this.breakOff(request, reply, error));
  }

  private async ask(request: FastifyRequest, reply: FastifyReply, { patience, signal }: Waiting, ask: Ask) {
    const { principal, ours } = await this.parts.callers.visitor(request);
    request.callerId = principal.id;
    await this.parts.policies.count(request, reply, principal);
    const deadline = this.parts.clock.now() + patience;
    return ask({ principal, correlationId: request.id, deadline, traceparent: formatTraceparent(traceOf(request)), signal }, ours);
  }

  /** What was sent cannot be unsaid: the connection breaks, so that nobody takes half an answer for a whole one. */
  private breakOff(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    if (reply.raw.writableFinished || reply.raw.destroyed) return;
    this.parts.log.warn('The answer of an endpoint broke off.', { error, correlationId: request.id });
    reply.raw.destroy();
  }
}
