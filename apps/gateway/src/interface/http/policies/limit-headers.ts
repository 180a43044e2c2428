import type { FastifyReply } from 'fastify';
import type { Outcome } from '../../../application/policies/limits/limiter';
import type { Limit } from '../../../application/policies/rules';

/** What a limit is, as answers say it: the same text each time. */
const policies = new WeakMap<Limit, string>();

/** Says on the answer what limits the caller and what is left of it (`RateLimit-Policy`, `RateLimit`). */
export function sayLimit(reply: FastifyReply, { limit, standing }: Outcome): void {
  reply.header('ratelimit-policy', policyOf(limit));
  reply.header('ratelimit', `"${limit.name}";r=${standing.remaining};t=${Math.ceil(standing.reset / 1000)}`);
}

function policyOf(limit: Limit): string {
  const known = policies.get(limit);
  if (known !== undefined) return known;
  const { name, rate } = limit;
  const policy = `"${name}";q=${rate.limit};w=${Math.ceil(rate.window / 1000)}`;
  policies.set(limit, policy);
  return policy;
}
