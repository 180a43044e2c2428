import type { FastifyReply } from 'fastify';

/** Links from an answer to `target`, beside what it links to already (RFC 8288). */
export function addLink(reply: FastifyReply, target: string, relation: string): void {
  const before = reply.getHeader('link');
  const link = `<${target}>; rel="${relation}"`;
  reply.header('link', typeof before === 'string' ? `${before}, ${link}` : link);
}
