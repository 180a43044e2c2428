import { Permission } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { fileMissing, isOver, type WorkspaceFile } from '../../domain/files/file';
import { workspaceMissing } from '../../domain/workspace';
import type { Access, Entered } from '../access';

/** The door to the files of a workspace: who may see which. */
export class FileAccess {
  constructor(
    private readonly files: Collection<WorkspaceFile>,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** A file of a workspace that the caller may see and do this with. What they may not see is not there. */
  async require(context: CallContext, workspace: string, id: string, action: 'read' | 'update' | 'delete'): Promise<Stored<WorkspaceFile>> {
    const entered = await this.access.require(context, workspace, action, 'files');
    const stored = await this.find(entered.workspace.id, id);
    if (stored === undefined || !sees(entered, stored.document)) throw fileMissing(id);
    return stored;
  }

  /** A file whose bytes the caller may have: everybody, if it is public. */
  async open(context: CallContext, workspace: string, id: string): Promise<WorkspaceFile> {
    const known = await this.access.find(workspace);
    if (known === undefined) throw workspaceMissing(workspace);
    const stored = await this.find(known.document.id, id);
    if (stored?.document.visibility === 'public') return stored.document;
    return (await this.require(context, workspace, id, 'read')).document;
  }

  /** Which files of a workspace a list holds for the caller: all of them, or those that are `shared`. */
  async listed(context: CallContext, workspace: string): Promise<{ readonly workspaceId: string; readonly shared: boolean }> {
    const entered = await this.access.require(context, workspace, 'read', 'files');
    return { workspaceId: entered.workspace.id, shared: !mayChange(entered) };
  }

  private async find(workspaceId: string, id: string): Promise<Stored<WorkspaceFile> | undefined> {
    const stored = await this.files.find(id);
    const isThere = stored?.document.workspaceId === workspaceId && !isOver(stored.document, this.clock.now());
    return isThere ? stored : undefined;
  }
}

function sees(entered: Entered, { visibility, owner }: WorkspaceFile): boolean {
  return visibility !== 'private' || owner === entered.standing.principal.id || mayChange(entered);
}

function mayChange({ standing }: Entered): boolean {
  const { query, fields } = Permission.of(standing, 'update', 'files');
  return query === true && fields.open;
}
