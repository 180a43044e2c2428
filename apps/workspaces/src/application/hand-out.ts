import type { CallContext } from '@millrace/messaging';
import { parseTree, treeText, type Tree } from '../domain/releases';
import { workspaceMissing } from '../domain/workspace';
import type { Access } from './access';
import type { Drafts } from './drafts';
import type { SourceFile } from './ports/checker';
import type { FileStore } from './ports/file-store';

/** Hands the files of a version, or of the draft, to other services. */
export class HandOut {
  constructor(
    private readonly access: Access,
    private readonly drafts: Drafts,
    private readonly files: FileStore,
  ) {}

  /** The files of a version by its digest, for services only: they carry everything that was written. */
  async *model(context: CallContext, workspaceId: string, digest: string): AsyncGenerator<SourceFile> {
    if (context.principal.kind !== 'service') throw workspaceMissing(workspaceId);
    const text = await this.files.get(workspaceId, digest);
    yield* this.texts(workspaceId, parseTree(text));
  }

  /** The files of the draft, for who may test automations. */
  async *draft(context: CallContext, name: string): AsyncGenerator<SourceFile> {
    const { workspace } = await this.access.require(context, name, 'test', 'automations');
    const { files } = await this.drafts.read(workspace.id);
    const tree = Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
    yield* this.texts(workspace.id, parseTree(treeText(tree)));
  }

  private async *texts(workspaceId: string, tree: Tree): AsyncGenerator<SourceFile> {
    for (const { path, digest } of tree) yield { path, text: await this.files.get(workspaceId, digest) };
  }
}
