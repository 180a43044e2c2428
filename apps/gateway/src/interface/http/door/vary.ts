import type { FastifyReply } from 'fastify';

/** Says that the answer would be another one with another header of this name, beside what it says already. */
export function addVary(reply: FastifyReply, name: string): void {
  const before = reply.getHeader('vary');
  reply.header('vary', typeof before === 'string' && before !== '' ? `${before}, ${name}` : name);
}
