import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Leave } from '../../../application/leaving/leave';
import { mounted } from '../hand-routes/hand-route';
import { DELETE_ME } from '../hand-routes/people';
import { signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import type { Cookies } from './cookies';
import { SESSION, type HttpCallers } from './http-callers';

export interface LeavingRouteParts {
  readonly leave: Leave;
  readonly callers: HttpCallers;
  readonly cookies: Cookies;
}

/** `DELETE /v1/me`: no call, for what it asks of the caller is the time of the proof, which no service is told. */
export class LeavingRoute implements Routes {
  constructor(private readonly parts: LeavingRouteParts) {}

  mount(fastify: FastifyInstance): void {
    fastify.route({ ...mounted(DELETE_ME), handler: (request, reply) => this.serve(request, reply) });
  }

  private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { leave, callers, cookies } = this.parts;
    const identity = await callers.identity(request);
    if (identity === undefined || identity.principal.kind === 'anonymous') throw signInNeeded();
    const receipt = await leave.leave(identity);
    return reply
      .header('set-cookie', cookies.clear(SESSION))
      .header('location', `/v1/me/erasure?receipt=${receipt}`)
      .code(202)
      .type('application/json')
      .send(JSON.stringify({ receipt }));
  }
}
