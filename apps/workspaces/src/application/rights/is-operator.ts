import type { Principal } from '@millrace/kernel';

/** Whether they are one of those who run the platform. */
export function isOperator({ kind, roles }: Principal): boolean {
  return kind === 'user' && roles.some((role) => role === 'platform-operator' || role === 'platform-admin');
}
