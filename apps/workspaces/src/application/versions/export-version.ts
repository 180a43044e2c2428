import type { CallContext } from '@millrace/messaging';
import { demandImportable } from '../../domain/exchange/limits';
import type { UnpackedFile } from '../../domain/exchange/unpacking';
import { parseTree, treeText } from '../../domain/releases';
import { readsRoles, ROLES_PATH } from '../checking/reads-roles';
import type { PackedPart, PackApps } from '../exchange/pack-apps';
import type { ArchiveFormat, Archives } from '../ports/archives';
import type { FileStore } from '../ports/file-store';
import type { VersionName, VersionTrees } from './version-trees';

/** A version as one file. */
export interface Exported {
  /** What to call it, e.g. `hotel-7.zip`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What an export is to be. */
export interface ExportAsked {
  readonly format: ArchiveFormat;
  /** With the apps that the version locks. */
  readonly apps: boolean;
}

/** Hands out versions as archives. */
export class ExportVersion {
  constructor(
    private readonly trees: VersionTrees,
    private readonly apps: PackApps,
    private readonly files: FileStore,
    private readonly archives: Archives,
  ) {}

  /**
   * Equal content gives equal bytes, whichever version of whichever workspace holds it. Who may not read roles gets none. Apps come before what
   * needs them; an archive that no import would take for its size is refused (`workspaces.export_too_large`), as apps are that the caller may not have.
   */
  async run(context: CallContext, name: VersionName, { format, apps }: ExportAsked): Promise<Exported> {
    const { entered, workspace, version, tree } = await this.trees.get(context, name, { action: 'export', subject: 'versions' });
    const shown = readsRoles(entered) ? tree : tree.filter(({ path }) => path !== ROLES_PATH);
    const parts = [...(apps ? await this.apps.of(context, entered, tree) : []), { place: '', store: workspace.id, tree: shown }];
    if (apps) demandImportable(parts.flatMap((part) => part.tree));
    return { name: `${workspace.slug}-${version.number}.${format}`, bytes: this.archives.pack(this.contents(parts), format) };
  }

  private async *contents(parts: readonly PackedPart[]): AsyncGenerator<UnpackedFile> {
    for (const { place, store, tree } of parts) {
      for (const { path, digest } of parseTree(treeText(tree))) {
        yield { path: `${place}${path}`, content: await this.files.bytes(store, digest) };
      }
    }
  }
}
