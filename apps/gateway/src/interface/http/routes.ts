import type { FastifyInstance } from 'fastify';

/** Something that serves paths of the public door besides Nest's controllers. */
export interface Routes {
  /** Puts its paths on the door, before it opens. */
  mount(fastify: FastifyInstance): void;
  /** Lets go of what is in hand; the door lets nobody in any more. */
  close?(): Promise<void>;
}
