import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** What a controller throws goes the way of everything thrown: to the door, which makes a problem of it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<FastifyReply>().send(error);
  }
}
