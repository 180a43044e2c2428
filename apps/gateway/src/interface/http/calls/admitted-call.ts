import type { Principal } from '@millrace/kernel';
import type { CallRoute } from './call-route';
import type { Match } from './route-table';

declare module 'fastify' {
  interface FastifyRequest {
    /** The call a request under `/v1` was found to be. */
    call?: AdmittedCall;
  }
}

/** A request that may go on: its route, and who asks. */
export interface AdmittedCall extends Match<CallRoute> {
  readonly principal: Principal;
}
