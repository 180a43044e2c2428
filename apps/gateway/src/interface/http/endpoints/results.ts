import { RuntimeService } from '@millrace/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { preferencesOf } from '../calls/preferences';
import { GET_RESULT } from '../hand-routes/endpoints';
import { mounted } from '../hand-routes/hand-route';
import type { Routes } from '../routes';
import { Answering } from './answering';
import type { EndpointsParts } from './endpoints';

interface ResultRoute {
  Params: { readonly token: string };
}

const { handleResult } = RuntimeService.method;
const CONFIG = { isCountedByHandler: true, authored: true };
/** Milliseconds beyond the wait. */
const PATIENCE = 30_000;

/** Answers of endpoints for callers that were told to come back: 202 while the run goes on, then what the endpoint says. */
export class Results implements Routes {
  private readonly answering: Answering;

  constructor(private readonly parts: Omit<EndpointsParts, 'staged' | 'bodies' | 'wrong'>) {
    this.answering = new Answering(parts);
  }

  mount(fastify: FastifyInstance): void {
    fastify.route<ResultRoute>({ ...mounted(GET_RESULT, CONFIG), handler: (request, reply) => this.serve(request, reply) });
  }

  private async serve(request: FastifyRequest<ResultRoute>, reply: FastifyReply): Promise<void> {
    const { token } = request.params;
    const { wait } = preferencesOf(request.headers);
    if (wait !== undefined) reply.header('preference-applied', `wait=${wait}`);
    await this.answering.serve(request, reply, PATIENCE + (wait ?? 0) * 1_000, (context) =>
      this.parts.bus.stream(handleResult, { token, wait: wait ?? 0 }, context),
    );
  }
}
