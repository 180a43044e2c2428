import { Health } from '@millrace/observability';
import { Controller, Get, Inject, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemFilter } from '../problems/problem-filter';

/** Whether this gateway takes work, for load balancers; the admin port says more. */
@UseFilters(ProblemFilter)
@Controller()
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('healthz')
  async healthz(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ ready: boolean }> {
    const { ready } = await this.health.report();
    reply.code(ready ? 200 : 503);
    return { ready };
  }
}
