import { Permission, type Rule } from '@millrace/auth';
import type { Principal } from '@millrace/kernel';

/** What these rules let a caller do with events; all of them when none are given. */
export function permitted(
  principal: Principal,
  action: string,
  rules: readonly Rule[] = [{ allow: ['manage'], on: ['events'] }],
): Permission {
  return Permission.of({ principal, workspaceId: 'ws_1', now: 0, rules }, action, 'events');
}
