import type { CallContext } from '@millrace/messaging';
import { parseTree, treeText, type Tree } from '../../domain/releases';
import type { ArchiveFormat, Archives } from '../ports/archives';
import type { SourceFile } from '../ports/checker';
import type { FileStore } from '../ports/file-store';
import type { VersionName, VersionTrees } from './version-trees';

/** A version as one file. */
export interface Exported {
  /** What to call it, e.g. `hotel-7.zip`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Hands out versions as archives. */
export class ExportVersion {
  constructor(
    private readonly trees: VersionTrees,
    private readonly files: FileStore,
    private readonly archives: Archives,
  ) {}

  /** Equal content gives equal bytes, whichever version of whichever workspace holds it. */
  async run(context: CallContext, name: VersionName, format: ArchiveFormat): Promise<Exported> {
    const { workspace, version, tree } = await this.trees.get(context, name, { action: 'export', subject: 'versions' });
    const bytes = this.archives.pack(this.texts(workspace.id, tree), format);
    return { name: `${workspace.slug}-${version.number}.${format}`, bytes };
  }

  private async *texts(workspaceId: string, tree: Tree): AsyncGenerator<SourceFile> {
    for (const { path, digest } of parseTree(treeText(tree))) yield { path, text: await this.files.get(workspaceId, digest) };
  }
}
