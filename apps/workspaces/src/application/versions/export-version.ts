import type { CallContext } from '@millrace/messaging';
import { parseTree, treeText, type Tree } from '../../domain/releases';
import { readsRoles, ROLES_PATH } from '../checking/reads-roles';
import type { ArchiveFormat, Archives } from '../ports/archives';
import type { UnpackedFile } from '../../domain/exchange/unpacking';
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

  /** Equal content gives equal bytes, whichever version of whichever workspace holds it. Who may not read roles gets none. */
  async run(context: CallContext, name: VersionName, format: ArchiveFormat): Promise<Exported> {
    const { entered, workspace, version, tree } = await this.trees.get(context, name, { action: 'export', subject: 'versions' });
    const shown = readsRoles(entered) ? tree : tree.filter(({ path }) => path !== ROLES_PATH);
    const bytes = this.archives.pack(this.contents(workspace.id, shown), format);
    return { name: `${workspace.slug}-${version.number}.${format}`, bytes };
  }

  private async *contents(workspaceId: string, tree: Tree): AsyncGenerator<UnpackedFile> {
    for (const { path, digest } of parseTree(treeText(tree))) yield { path, content: await this.files.bytes(workspaceId, digest) };
  }
}
