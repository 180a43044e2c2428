import { Permission } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { fileMissing, isOver, type WorkspaceFile } from '../../domain/files/file';
import { workspaceMissing } from '../../domain/workspace';
import { demandObject, mayDo, type Access, type Entered, type Permitted } from '../access';

/** Which files of a workspace a list holds. */
export interface Listed {
  readonly workspaceId: string;
  readonly which: 'all' | 'open' | ((file: WorkspaceFile) => boolean);
}

/** The door to the files of a workspace: who may see which. */
export class FileAccess {
  constructor(
    private readonly files: Collection<WorkspaceFile>,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** A file of a workspace that the caller may see and do this with. What they may not see is not there. */
  async require(context: CallContext, workspace: string, id: string, action: 'read' | 'update' | 'delete'): Promise<Stored<WorkspaceFile>> {
    const permitted = await this.access.permit(context, workspace, action, 'files');
    const stored = await this.shown(permitted, id);
    if (stored === undefined) throw fileMissing(id);
    demandObject(permitted, stored.document);
    return stored;
  }

  /** A file that whoever has entered may know of, whatever they may do with it. */
  async shown(permitted: Permitted, id: string): Promise<Stored<WorkspaceFile> | undefined> {
    const stored = await this.find(permitted.workspace.id, id);
    return stored !== undefined && sees(permitted, stored.document) ? stored : undefined;
  }

  /** A file whose bytes the caller may have: everybody, if it is public. */
  async open(context: CallContext, workspace: string, id: string): Promise<WorkspaceFile> {
    const known = await this.access.find(workspace);
    if (known === undefined) throw workspaceMissing(workspace);
    const stored = await this.find(known.document.id, id);
    if (stored?.document.visibility === 'public') return stored.document;
    return (await this.require(context, workspace, id, 'read')).document;
  }

  /** Which files of a workspace a list holds for the caller: all of them, those that are `open`, or those that they see, each looked at. */
  async listed(context: CallContext, workspace: string): Promise<Listed> {
    const permitted = await this.access.permit(context, workspace, 'read', 'files');
    const { permission, standing } = permitted;
    const isPlain = permission.query === true && !standing.shares.some(({ subject }) => subject === 'files');
    const which = isPlain ? (mayChangeAll(permitted) ? 'all' : 'open') : (file: WorkspaceFile) => sees(permitted, file);
    return { workspaceId: permitted.workspace.id, which };
  }

  /** The types that files of a workspace may have; none named: any. */
  async accepted(workspace: string): Promise<readonly string[]> {
    return (await this.access.find(workspace))?.document.fileTypes ?? [];
  }

  private async find(workspaceId: string, id: string): Promise<Stored<WorkspaceFile> | undefined> {
    const stored = await this.files.find(id);
    const isThere = stored?.document.workspaceId === workspaceId && !isOver(stored.document, this.clock.now());
    return isThere ? stored : undefined;
  }
}

/** Whether the caller knows of a file: one that is private is for its owner, for who may change it, and for whom it is shared with. */
function sees({ standing, permission }: Permitted, file: WorkspaceFile): boolean {
  const { id, visibility, owner } = file;
  const may = (action: string): boolean => Permission.of(standing, action, 'files').allows(file);
  const isShared = standing.shares.some(({ subject, object }) => subject === 'files' && object === id);
  const isOpen = visibility !== 'private' || owner === standing.principal.id || isShared || may('update');
  return isOpen && (permission.allows(file) || may('read'));
}

function mayChangeAll(entered: Entered): boolean {
  return mayDo(entered, { action: 'update', subject: 'files' });
}
