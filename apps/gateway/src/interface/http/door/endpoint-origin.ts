import type { FastifyRequest } from 'fastify';
import { routeUnknown } from '../problems/refusals';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers with what authors and users wrote: the only kind that is served on the endpoint origin. */
    authored?: boolean;
  }
}

/** The origin that holds nothing but what authors and users wrote, if the operator has set one up. */
export class EndpointOrigin {
  private readonly host: string | undefined;

  constructor(origin: string | undefined) {
    this.host = origin === undefined ? undefined : new URL(origin).host;
  }

  /** Whether a request came to it. */
  isHere({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
    return this.host !== undefined && headers.host?.toLowerCase() === this.host;
  }

  /** Refuses, as if it were not there, whatever of ours is asked for there. */
  check(request: FastifyRequest): void {
    if (this.isHere(request) && request.routeOptions.config.authored !== true) throw routeUnknown();
  }
}
