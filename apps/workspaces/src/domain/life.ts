import { DomainError } from '@millrace/kernel';
import { FREEZES, type Freeze, type Suspension } from './suspension';
import { workspaceMissing, type Change, type Workspace } from './workspace';

/** What shall stand still: all of it when nothing is named. */
export interface Suspending {
  readonly freezes: readonly Freeze[];
  readonly reason: string;
  readonly isOperators: boolean;
}

/** Milliseconds for which a deleted workspace can be had back. */
const KEPT = 30 * 86_400_000;

/** What stands still in the workspace. */
export function freezesOf({ state, freezes }: Workspace): readonly Freeze[] {
  return state === 'suspended' ? FREEZES : (freezes ?? []);
}

/** The workspace with these standing still. With all of them it is suspended: its owner and operators may read, nobody may do more. */
export function suspend(workspace: Workspace, { freezes, reason, isOperators }: Suspending, { by, at }: Change): Workspace {
  demandOperators(workspace, isOperators);
  const named = FREEZES.filter((each) => freezes.length === 0 || freezes.includes(each));
  const suspension = { reason, by, at, isOperators };
  const { freezes: _, ...running } = workspace;
  const changed = { ...running, suspension, updatedAt: at, updatedBy: by };
  return named.length === FREEZES.length ? { ...changed, state: 'suspended' } : { ...changed, state: 'active', freezes: named };
}

/** The workspace with nothing standing still. */
export function resume(workspace: Workspace, isOperators: boolean, { by, at }: Change): Workspace {
  if (freezesOf(workspace).length === 0) return workspace;
  demandOperators(workspace, isOperators);
  const { freezes: _, suspension: __, ...running } = workspace;
  return { ...running, state: 'active', updatedAt: at, updatedBy: by };
}

/** What operators stopped, they start again. A workspace that lost its owner is theirs, too. */
function demandOperators({ suspension, state }: Workspace, isOperators: boolean): void {
  const isTheirs = suspension === undefined ? state === 'suspended' : suspension.isOperators;
  if (isOperators || !isTheirs) return;
  throw new DomainError(
    'workspaces.suspended_by_operators',
    'forbidden',
    `The operators of the platform stopped this workspace${reasonIn(suspension)}. Ask them to start it again.`,
  );
}

/** Inside a sentence; nothing when none was said. */
function reasonIn(suspension: Suspension | undefined): string {
  const reason = suspension?.reason.trim().replace(/\.$/, '') ?? '';
  return reason === '' ? '' : `: ${reason}`;
}

/** The workspace, deleted; for 30 days it can be had back. */
export function deleteWorkspace(workspace: Workspace, { by, at }: Change): Workspace & { readonly purgeAt: number } {
  return { ...workspace, state: 'deleted', before: workspace.state, purgeAt: at + KEPT, updatedAt: at, updatedBy: by };
}

/** The workspace as it was before it was deleted. Refuses one that is not, or not any more. */
export function restoreWorkspace(workspace: Workspace, { by, at }: Change): Workspace {
  if (workspace.state !== 'deleted' || isOver(workspace, at)) throw workspaceMissing(workspace.id);
  const { before = 'active', purgeAt: _, ...kept } = workspace;
  return { ...kept, state: before === 'suspended' ? 'suspended' : 'active', updatedAt: at, updatedBy: by };
}

/** Whether nothing can bring it back any more. */
export function isOver({ state, updatedAt, purgeAt = updatedAt + KEPT }: Workspace, now: number): boolean {
  return state === 'deleted' && now >= purgeAt;
}
