import { demandScope } from '@millrace/auth';
import type { Principal } from '@millrace/kernel';
import type { CallRoute } from './call-route';

/**
 * Refuses (`auth.scope_missing`) a credential that is not for this route: it wants the scope of the route's own policy, and of what is the
 * caller's own `read:me` to read and `manage:me` to change. Whoever owns what is asked for decides on everything else.
 */
export function checkScopes(principal: Principal, { policy, verb }: Pick<CallRoute, 'policy' | 'verb'>): void {
  switch (policy.kind) {
    case 'rule':
      return demandScope(principal, policy.action, policy.subject);
    case 'me':
      return demandScope(principal, verb === 'get' ? 'read' : 'manage', 'me');
    case 'public':
    case 'service':
  }
}
