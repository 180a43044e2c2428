import { Health } from '@millrace/observability';
import { Controller, Get, Inject, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemFilter } from '../problems/problem-filter';

/** Seconds after which it is worth asking again. */
const AGAIN = '2';

/** Whether this gateway takes work, for load balancers; the admin port says more. */
@UseFilters(ProblemFilter)
@Controller()
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('healthz')
  async healthz(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ ready: boolean }> {
    const { ready } = await this.health.report();
    if (!ready) reply.code(503).header('retry-after', AGAIN);
    return { ready };
  }
}
