import type { RouteRule } from '../../../application/policies/rules';

/** The first rule that speaks of such requests. */
export function ruleFor(rules: readonly RouteRule[], method: string, path: string, host: string): RouteRule | undefined {
  return rules.find(
    (rule) =>
      rule.path.test(path) &&
      (rule.method === undefined || rule.method === method) &&
      (rule.host === undefined || rule.host === host.replace(/:\d+$/, '').toLowerCase()),
  );
}
