import type { ActiveVersions } from '../../application/ports/models';
import type { Activations } from '../../application/schedules/ports/activations';
import type { ModelFolder } from './model-folder';

/** What a workspace has on the disk goes when nothing runs there any more; of those that ended while nobody was here, now. */
export function leaveWithWorkspaces(folder: ModelFolder, active: ActiveVersions & Activations): void {
  const isGone = async (workspaceId: string): Promise<boolean> => (await active.find(workspaceId)) === undefined;
  folder.forgetIf(isGone);
  active.follow((workspaceId) => folder.forgetIf(isGone, workspaceId));
}
