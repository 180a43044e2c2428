import type { FastifyInstance } from 'fastify';

/** Something that serves paths of the public door besides Nest's controllers. */
export interface Routes {
  mount(fastify: FastifyInstance): void;
}
