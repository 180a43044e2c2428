import type { StagedBlobs } from '@millrace/blobs';
import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Conditions } from '../../domain/draft';
import { changeFile, replaceContent, type FileChanges, type WorkspaceFile } from '../../domain/files/file';
import type { Facts } from '../facts';
import { contentOf, type Sent } from './commit-file';
import { demandRevision, fileChanged } from './demand-revision';
import type { FileAccess } from './file-access';
import { fileFact } from './file-facts';
import type { FileUses } from './file-uses';
import { isOwned } from './owned-bytes';
import type { Photos } from './photos';

export interface ChangeFilesParts {
  readonly files: Collection<WorkspaceFile>;
  readonly staged: StagedBlobs;
  readonly fileAccess: FileAccess;
  readonly uses: FileUses;
  readonly photos: Pick<Photos, 'forget'>;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Which file is meant, and at which revision. */
export interface Meant {
  readonly workspace: string;
  readonly id: string;
  readonly conditions: Conditions;
}

/** Changes files, gives them other bytes, deletes them. */
export class ChangeFiles {
  constructor(private readonly parts: ChangeFilesParts) {}

  async update(context: CallContext, { workspace, id, conditions }: Meant, said: FileChanges): Promise<Stored<WorkspaceFile>> {
    const { fileAccess, clock } = this.parts;
    await fileAccess.require(context, workspace, id, 'update');
    return this.write(context, id, conditions, (file) => changeFile(file, said, { by: context.principal.id, at: clock.now() }));
  }

  /** The old bytes go when the new ones are the file's. */
  async replace(context: CallContext, { workspace, id, conditions }: Meant, bytes: Sent): Promise<Stored<WorkspaceFile>> {
    const { fileAccess, staged, uses, clock } = this.parts;
    const { document: before } = await fileAccess.require(context, workspace, id, 'update');
    if (before.ref === bytes.ref) return this.parts.files.get(id);
    const content = await contentOf(
      staged,
      before.size + (await uses.room(before.workspaceId)),
      bytes,
      await fileAccess.accepted(workspace),
    );
    await staged.mark(before.ref);
    const replaced = (file: WorkspaceFile, revision: number): WorkspaceFile => {
      if (file.ref !== before.ref) throw fileChanged(file, revision);
      return replaceContent(file, content, { by: context.principal.id, at: clock.now() });
    };
    const stored = await uses.during(before.workspaceId, { files: 0, bytes: content.size - before.size }, () =>
      this.write(context, id, conditions, replaced),
    );
    await this.settle(() => staged.keep(bytes.ref));
    await this.settle(() => this.letGo(before.ref));
    return stored;
  }

  async delete(context: CallContext, { workspace, id, conditions }: Meant): Promise<void> {
    const { document } = await this.parts.fileAccess.require(context, workspace, id, 'delete');
    await this.remove(context, document, conditions);
  }

  /** Deletes a file that is known to be there, whoever asks. `quietly`: tells nobody. */
  async remove(context: CallContext, { id, ref, workspaceId }: WorkspaceFile, conditions: Conditions, quietly = false): Promise<void> {
    const { files, staged, facts, photos, uses } = this.parts;
    const { document, revision: seen } = await files.get(id);
    demandRevision(document, seen, conditions);
    await photos.forget(context, workspaceId, id);
    await staged.mark(ref);
    let size = 0;
    await files.update(id, (file, revision) => {
      demandRevision(file, revision, conditions);
      size = file.size;
      const removed = { what: 'removed', file, revision: revision + 1 } as const;
      return { document: null, events: quietly ? [] : [fileFact(facts, context, removed)] };
    });
    await uses.take(workspaceId, { files: -1, bytes: -size });
    await this.settle(() => this.letGo(ref));
  }

  private async write(
    context: CallContext,
    id: string,
    conditions: Conditions,
    change: (file: WorkspaceFile, revision: number) => WorkspaceFile,
  ): Promise<Stored<WorkspaceFile>> {
    const { files, facts } = this.parts;
    await files.update(id, (document, revision) => {
      demandRevision(document, revision, conditions);
      const file = change(document, revision);
      if (file === document) return { document, events: [] };
      return { document: file, events: [fileFact(facts, context, { what: 'updated', file, revision: revision + 1 })] };
    });
    return files.get(id);
  }

  /** Bytes that a copy has as well stay with it; the mark that is left of them goes with the next sweep. */
  private async letGo(ref: string): Promise<void> {
    const { files, staged } = this.parts;
    if (!(await isOwned(files, ref))) await staged.discard(ref);
  }

  /** What was decided is written; bytes that cannot be tidied now have a mark and are swept. */
  private async settle(tidy: () => Promise<void>): Promise<void> {
    await tidy().catch(() => undefined);
  }
}
