import type { StagedBlobs } from '@millrace/blobs';
import type { Collection } from '@millrace/documents';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isOver, type WorkspaceFile } from '../../domain/files/file';
import { unlessGone } from '../unless-gone';
import type { ChangeFiles } from './change-files';
import type { FileUses } from './file-uses';
import { isOwned } from './owned-bytes';

export interface SweepFilesParts {
  readonly files: Collection<WorkspaceFile>;
  readonly staged: StagedBlobs;
  readonly changeFiles: ChangeFiles;
  readonly uses: FileUses;
  readonly clock: Clock;
  readonly ids: Ids;
}

const PAGE = 100;
const STAGED_FOR = 86_400_000;

/** Removes what nobody wants any more. Any number of instances may do so at once. */
export class SweepFiles {
  constructor(private readonly parts: SweepFilesParts) {}

  /** Deletes the files whose time is over. */
  async ended(): Promise<void> {
    const { files, changeFiles, clock } = this.parts;
    for (;;) {
      const { items } = await files.page({ where: { ends: true }, by: 'end', limit: PAGE });
      const over = items.filter(({ document }) => isOver(document, clock.now()));
      for (const { document } of over) await changeFiles.remove(this.context(), document, { ifMatch: '*' }).catch(unlessGone);
      if (over.length < PAGE) return;
    }
  }

  /** Discards what was uploaded a day ago and has no owner, and counts anew what the files take up. */
  async abandoned(): Promise<void> {
    const { files, staged, uses } = this.parts;
    await staged.sweep(STAGED_FOR, (ref) => isOwned(files, ref));
    await uses.recount();
  }

  private context(): CallContext {
    const { clock, ids } = this.parts;
    return { principal: servicePrincipal('workspaces'), correlationId: ids.mint('cor'), deadline: clock.now() + STAGED_FOR };
  }
}
