import type { StagedBlobs } from '@millrace/blobs';
import type { Collection, Stored } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { createFile, type Content, type FileChanges, type WorkspaceFile } from '../../domain/files/file';
import { demandAccepted } from '../../domain/files/accepted-type';
import { HEAD, typeOf } from '../../domain/files/media-type';
import { uploadTooLarge } from '../../domain/files/usage';
import { workspaceMissing, type Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import { fileFact } from './file-facts';
import type { FileUses } from './file-uses';

export interface CommitFileParts {
  readonly files: Collection<WorkspaceFile>;
  readonly staged: StagedBlobs;
  readonly access: Access;
  readonly uses: FileUses;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What is to be made of staged bytes. */
export interface Committed extends Omit<FileChanges, 'name'> {
  readonly ref: string;
  readonly name: string;
  /** Media type as it was declared; empty: not said. */
  readonly declared: string;
  /** Who sent it, when a service commits it for somebody. */
  readonly owner: string;
}

/** Makes a file of staged bytes. The same bytes committed again are the same file. */
export class CommitFile {
  constructor(private readonly parts: CommitFileParts) {}

  async run(context: CallContext, workspace: string, { ref, name, declared, owner, ...said }: Committed): Promise<Stored<WorkspaceFile>> {
    const { files, uses, facts, clock, ids } = this.parts;
    const { entered, by } = await this.enter(context, workspace, owner);
    const { id: workspaceId, fileTypes } = entered;
    const id = ids.derive('fil', workspaceId, ref);
    const known = await files.find(id);
    if (known !== undefined) return known;
    const content = await contentOf(this.parts.staged, await uses.room(workspaceId), { ref, declared }, fileTypes);
    const file = createFile({ ...content, id, workspaceId, name, owner: by }, said, { by, at: clock.now() });
    const added = fileFact(facts, context, { what: 'added', file, revision: 1 });
    const stored = await uses
      .during(workspaceId, { files: 1, bytes: file.size }, () => files.insert(file, [added]))
      .catch((error: unknown) => this.alreadyThere(id, error));
    // The file is written: a mark that stays is taken away by the next sweep.
    await this.parts.staged.keep(ref).catch(() => undefined);
    return stored;
  }

  /** People need the right to; services commit what they let in by rules of their own. */
  private async enter(context: CallContext, name: string, owner: string): Promise<{ readonly entered: Workspace; readonly by: string }> {
    const { access } = this.parts;
    if (context.principal.kind !== 'service') {
      const { workspace } = await access.require(context, name, 'create', 'files');
      return { entered: workspace, by: context.principal.id };
    }
    const stored = await access.find(name);
    if (stored === undefined) throw workspaceMissing(name);
    return { entered: stored.document, by: owner === '' ? context.principal.id : owner };
  }

  private async alreadyThere(id: string, error: unknown): Promise<Stored<WorkspaceFile>> {
    const known = isTaken(error) ? await this.parts.files.find(id) : undefined;
    if (known === undefined) throw error;
    return known;
  }
}

/** Bytes that have come, and the type they were declared to have. */
export interface Sent {
  readonly ref: string;
  readonly declared: string;
}

/** Staged bytes as content: their size, their sum, and their type, which must be the declared one and one that is `accepted`. */
export async function contentOf(
  staged: StagedBlobs,
  most: number,
  { ref, declared }: Sent,
  accepted: readonly string[] | undefined,
): Promise<Content> {
  const { size, sha256 } = await staged.stat(ref);
  if (size > most) throw uploadTooLarge(most);
  const type = typeOf(await staged.head(ref, HEAD), declared);
  demandAccepted(type, accepted);
  return { ref, size, sha256, type };
}
