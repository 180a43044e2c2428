import type { Collection, Stored } from '@millrace/documents';
import type { Clock, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isOver, type WorkspaceFile } from '../../domain/files/file';
import type { Access } from '../access';
import type { FileAccess } from './file-access';
import type { FileUses } from './file-uses';
import { uploadTooLarge } from '../../domain/files/usage';

export type { FileChanges, Visibility, WorkspaceFile } from '../../domain/files/file';

export interface ReadFilesParts {
  readonly files: Collection<WorkspaceFile>;
  readonly access: Access;
  readonly fileAccess: FileAccess;
  readonly uses: FileUses;
  readonly clock: Clock;
}

/** What an upload that may come is told. */
export interface Admitted {
  readonly workspaceId: string;
  /** The most bytes. */
  readonly most: number;
}

/** Shows files, and says who may have their bytes or send some. */
export class ReadFiles {
  constructor(private readonly parts: ReadFilesParts) {}

  get(context: CallContext, workspace: string, id: string): Promise<Stored<WorkspaceFile>> {
    return this.parts.fileAccess.require(context, workspace, id, 'read');
  }

  /** Newest first: all for who may change them, else those that are shared. */
  async list(context: CallContext, workspace: string, limit: number, cursor: string): Promise<Page<Stored<WorkspaceFile>>> {
    const { fileAccess, files, clock } = this.parts;
    const { workspaceId, shared } = await fileAccess.listed(context, workspace);
    const page = await files.page({
      where: { workspace: workspaceId, ...(shared ? { shared: true } : {}) },
      by: 'created',
      direction: 'descending',
      limit,
      ...(cursor === '' ? {} : { cursor }),
    });
    return { ...page, items: page.items.filter(({ document }) => !isOver(document, clock.now())) };
  }

  open(context: CallContext, workspace: string, id: string): Promise<WorkspaceFile> {
    return this.parts.fileAccess.open(context, workspace, id);
  }

  /** Whether the caller may upload so many bytes (0: it is not known how many), as a new file or as those of the file `id`. */
  async admit(context: CallContext, workspace: string, id: string, size: number): Promise<Admitted> {
    const { access, fileAccess, uses } = this.parts;
    const before = id === '' ? undefined : (await fileAccess.require(context, workspace, id, 'update')).document;
    const workspaceId = before?.workspaceId ?? (await access.require(context, workspace, 'create', 'files')).workspace.id;
    const most = (before?.size ?? 0) + (await uses.room(workspaceId));
    if (size > most) throw uploadTooLarge(most);
    return { workspaceId, most };
  }
}
