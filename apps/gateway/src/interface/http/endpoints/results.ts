import { RuntimeService } from '@millrace/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Routes } from '../routes';
import { Answering } from './answering';
import type { EndpointsParts } from './endpoints';

interface ResultRoute {
  Params: { readonly token: string };
}

const { handleResult } = RuntimeService.method;
const CONFIG = { config: { routeClass: 'endpoint', isCountedByHandler: true, authored: true } };
const LONGEST_WAIT = 60;
/** Milliseconds beyond the wait. */
const PATIENCE = 30_000;

/** Answers of endpoints for callers that were told to come back: 202 while the run goes on, then what the endpoint says. */
export class Results implements Routes {
  private readonly answering: Answering;

  constructor(private readonly parts: Omit<EndpointsParts, 'staged'>) {
    this.answering = new Answering(parts);
  }

  mount(fastify: FastifyInstance): void {
    fastify.get<ResultRoute>('/v1/results/:token', CONFIG, (request, reply) => this.serve(request, reply));
  }

  private async serve(request: FastifyRequest<ResultRoute>, reply: FastifyReply): Promise<void> {
    const { token } = request.params;
    const wait = waitOf(request.headers['prefer']);
    await this.answering.serve(request, reply, PATIENCE + wait * 1000, (context) =>
      this.parts.bus.stream(handleResult, { token, wait }, context),
    );
  }
}

/** Seconds the caller wishes to wait (RFC 7240). */
function waitOf(prefer: string | string[] | undefined): number {
  const wish = /(?:^|,)\s*wait=(\d{1,6})\s*(?:,|$)/i.exec(String(prefer ?? ''))?.[1];
  return wish === undefined ? 0 : Math.min(Number(wish), LONGEST_WAIT);
}
