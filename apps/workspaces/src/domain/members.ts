import type { Principal } from '@millrace/kernel';
import type { Workspace } from './workspace';

/** The role a principal has in a workspace; undefined: a stranger, who may not know that it exists. */
export function roleOf(workspace: Workspace, principal: Principal): 'owner' | undefined {
  if (workspace.state === 'deleted' || principal.kind !== 'user') return undefined;
  return workspace.owner === principal.id ? 'owner' : undefined;
}
