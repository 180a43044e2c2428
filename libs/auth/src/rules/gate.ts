import type { Principal } from '@millrace/kernel';

/** What holds before any rule is looked at. */
export interface Circumstances {
  readonly principal: Principal;
  readonly workspaceId: string;
  /** The principal owns the workspace. */
  readonly owner?: boolean;
  /** The workspace is suspended. */
  readonly suspended?: boolean;
}

/** Why nothing of the kind may happen, whatever rules say; undefined: the rules decide. */
export function shutBy(circumstances: Circumstances, action: string, subject: string): string | undefined {
  const { principal, workspaceId, owner = false, suspended = false } = circumstances;
  if (!withinScopes(principal.scopes, action, subject)) return `The credential has no scope for it: it needs ${action}:${subject}.`;
  if (isElsewhere(principal, workspaceId)) return 'The credential is for another workspace.';
  if (!suspended) return undefined;
  const enters = owner || principal.roles.some((role) => role === 'platform-operator' || role === 'platform-admin');
  return enters && action === 'read' ? undefined : 'The workspace is suspended: its owner and operators may read, nobody may do more.';
}

function isElsewhere({ workspace, workspaces }: Principal, workspaceId: string): boolean {
  return (workspace !== undefined && workspace !== workspaceId) || workspaces?.includes(workspaceId) === false;
}

/** Whether one of the scopes names the action on the subject; `manage` is all actions, `*` anything. Without scopes all is within. */
export function withinScopes(scopes: readonly string[] | undefined, action: string, subject: string): boolean {
  return scopes === undefined || scopes.some((scope) => covers(scope, action, subject));
}

function covers(scope: string, action: string, subject: string): boolean {
  const colon = scope.lastIndexOf(':');
  const [verb, on] = [scope.slice(0, Math.max(colon, 0)), scope.slice(colon + 1)];
  const named = verb === '*' || verb === 'manage' || verb === action || verb === action.replace(/:.*$/s, '');
  return colon > 0 && named && (on === '*' || on === subject);
}
