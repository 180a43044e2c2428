import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import { copyFile, isOver, type WorkspaceFile } from '../../domain/files/file';
import type { FileUses } from './file-uses';

export interface CopyFilesParts {
  readonly files: Collection<WorkspaceFile>;
  readonly uses: FileUses;
  readonly clock: Clock;
  readonly ids: Ids;
}

const PAGE = 200;
/** How many files are copied at once. */
const AT_ONCE = 16;

/** Gives another workspace the files of one. Copies have the bytes of what they were copied from, which stay for as long as one file has them. */
export class CopyFiles {
  constructor(private readonly parts: CopyFilesParts) {}

  /** Page by page, and tells nothing of any. Refuses with `workspaces.quota_reached`. */
  async run(from: string, to: string): Promise<void> {
    const { clock, files, uses } = this.parts;
    for (let cursor: string | undefined; ;) {
      const page = await files.page({ where: { workspace: from }, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      const live = page.items.map(({ document }) => document).filter((file) => !isOver(file, clock.now()));
      await uses.take(to, { files: live.length, bytes: live.reduce((sum, { size }) => sum + size, 0) });
      for (let first = 0; first < live.length; first += AT_ONCE) {
        await Promise.all(live.slice(first, first + AT_ONCE).map((file) => this.copy(file, to)));
      }
      cursor = page.nextCursor;
      if (cursor === undefined) return;
    }
  }

  /**
   * Whoever lets go of bytes looks for others that have them after the file is gone. So a copy is sure of its bytes when its original
   * has them still after the copy was written; else it is none.
   */
  private async copy(file: WorkspaceFile, to: string): Promise<void> {
    const { files, ids, uses } = this.parts;
    const copy = copyFile(file, { id: ids.derive('fil', to, file.id), workspaceId: to });
    await files.insert(copy);
    const now = (await files.find(file.id))?.document;
    if (now?.ref === file.ref) return;
    await files.update(copy.id, () => ({ document: null, events: [] }));
    await uses.take(to, { files: now === undefined ? -1 : 0, bytes: (now?.size ?? 0) - file.size });
    if (now !== undefined) await this.copy(now, to);
  }
}
