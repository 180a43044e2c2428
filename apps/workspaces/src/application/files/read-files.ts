import type { Collection, IndexValue, Stored } from '@millrace/documents';
import type { AskedPage, Clock, Page } from '@millrace/kernel';
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

const MOST_READ = 200;

/** Digits of a time, for places that are compared as texts. */
const PLACE = 16;

/** Shows files, and says who may have their bytes or send some. */
export class ReadFiles {
  constructor(private readonly parts: ReadFilesParts) {}

  get(context: CallContext, workspace: string, id: string): Promise<Stored<WorkspaceFile>> {
    return this.parts.fileAccess.require(context, workspace, id, 'read');
  }

  /** Newest first: all for who may change them, else those that they see. */
  async list(context: CallContext, workspace: string, { limit, cursor }: AskedPage): Promise<Page<Stored<WorkspaceFile>>> {
    const { workspaceId, which } = await this.parts.fileAccess.listed(context, workspace);
    if (typeof which === 'function') return this.seen(workspaceId, which, { limit, cursor });
    return this.page({ workspace: workspaceId, ...(which === 'open' ? { shared: true } : {}) }, { limit, cursor });
  }

  /** Where each is looked at, a page is as full as can be, so that nobody learns of others by it; the cursor is the place of the last one. */
  private async seen(
    workspaceId: string,
    sees: (file: WorkspaceFile) => boolean,
    { limit, cursor: after }: AskedPage,
  ): Promise<Page<Stored<WorkspaceFile>>> {
    const found: Stored<WorkspaceFile>[] = [];
    let cursor: string | undefined = '';
    do {
      const page: Page<Stored<WorkspaceFile>> = await this.page({ workspace: workspaceId }, { limit: MOST_READ, cursor });
      found.push(...page.items.filter(({ document }) => sees(document) && (after === '' || placeOf(document) < after)));
      cursor = page.nextCursor;
    } while (cursor !== undefined && found.length <= limit);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { nextCursor: placeOf(last.document) } : {}) };
  }

  private async page(where: Readonly<Record<string, IndexValue>>, { limit, cursor }: AskedPage): Promise<Page<Stored<WorkspaceFile>>> {
    const { files, clock } = this.parts;
    const wanted = { where, by: 'created', direction: 'descending', limit } as const;
    const page = await files.page({ ...wanted, ...(cursor === '' ? {} : { cursor }) });
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

/** Where a file stands in the list: the newest has the greatest, as a text. */
function placeOf({ createdAt, id }: WorkspaceFile): string {
  return `${String(createdAt).padStart(PLACE, '0')}.${id}`;
}
