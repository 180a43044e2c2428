import { DomainError } from '@millrace/kernel';
import { FREEZES, type Freeze, type Suspension } from './suspension';
import { workspaceMissing, type Change, type Workspace } from './workspace';

/** What shall stand still: all of it when nothing is named. */
export interface Suspending {
  readonly freezes: readonly Freeze[];
  readonly reason: string;
  readonly isOperators: boolean;
}

/** Milliseconds for which a deleted workspace can be had back, unless operators say otherwise. */
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

/** The workspace, deleted; for so many milliseconds it can be had back. */
export function deleteWorkspace(workspace: Workspace, { by, at }: Change, kept = KEPT): Workspace & { readonly purgeAt: number } {
  return { ...workspace, state: 'deleted', before: workspace.state, purgeAt: at + kept, updatedAt: at, updatedBy: by };
}

/** Whether nobody finds it: it was deleted, or is not filled yet. */
export function isHidden({ state }: Workspace): boolean {
  return state === 'deleted' || state === 'filling';
}

/** Whether everybody who is signed in finds it: it says so, and it is neither deleted nor suspended. */
export function isListed({ listed, state }: Workspace): boolean {
  return listed === true && state === 'active';
}

/** The workspace while it is filled. Should whoever does so be gone by then, nothing will be left of it. */
export function fillWorkspace(workspace: Workspace, purgeAt: number): Workspace {
  return { ...workspace, state: 'filling', purgeAt };
}

/** The workspace as everybody finds it; one that is found already as it is. Refuses one that was given up meanwhile. */
export function showWorkspace(workspace: Workspace): Workspace {
  if (!isHidden(workspace)) return workspace;
  if (workspace.state === 'deleted') throw givenUp();
  const { purgeAt: _, ...shown } = workspace;
  return { ...shown, state: 'active' };
}

/** The workspace when it is filled no more, and goes at once; any other as it is. */
export function giveUpFilling(workspace: Workspace, at: number): Workspace {
  return workspace.state === 'filling' ? { ...workspace, state: 'deleted', before: 'filling', purgeAt: at } : workspace;
}

/** Whoever purges took its filler for gone. */
export function givenUp(): DomainError {
  const message = 'Filling the workspace took too long, and it was given up. Nothing is left of it: try again.';
  return new DomainError('workspaces.filling_given_up', 'unavailable', message);
}

/** The workspace as it was before it was deleted. Refuses one that is not, or not any more. */
export function restoreWorkspace(workspace: Workspace, { by, at }: Change): Workspace {
  if (workspace.state !== 'deleted' || isOver(workspace, at)) throw workspaceMissing(workspace.id);
  const { before = 'active', purgeAt: _, ...kept } = workspace;
  return { ...kept, state: before === 'suspended' ? 'suspended' : 'active', updatedAt: at, updatedBy: by };
}

/** Whether nothing can bring it back any more. */
export function isOver(workspace: Workspace, now: number): boolean {
  const { updatedAt, purgeAt = updatedAt + KEPT } = workspace;
  return isHidden(workspace) && now >= purgeAt;
}
