import type { CallContext } from '@millrace/messaging';
import { parseTree, treeText, type Tree, type TreeFile } from '../domain/releases';
import { isAsset } from '../domain/tree/assets';
import { workspaceMissing } from '../domain/workspace';
import type { Access } from './access';
import type { Mount, Mounts } from './apps/mounts';
import type { Drafts } from './drafts';
import type { DeclareEventTypes } from './event-types/declare-event-types';
import type { SourceFile } from './ports/checker';
import type { FileStore } from './ports/file-store';

/** A file of a workspace or of an app in it, or that an app begins. */
export interface HandedOut extends SourceFile {
  /** Path of the app instance; empty: the workspace itself. */
  readonly instance: string;
  /** The app that begins here; the path is empty then. */
  readonly mount?: Mount;
  /** Number of its schema; only of an event type's file. */
  readonly schemaVersion?: number;
  /** Of an asset: it is only named, and has no text. */
  readonly asset?: Pick<TreeFile, 'digest' | 'size'>;
}

/** Hands the texts of a version, or of the draft, to other services: first those of the workspace, then each app with its own. */
export class HandOut {
  constructor(
    private readonly access: Access,
    private readonly drafts: Drafts,
    private readonly files: FileStore,
    private readonly mounts: Mounts,
    private readonly eventTypes: DeclareEventTypes,
  ) {}

  /** The files of a version by its digest, for services only: they carry everything that was written. */
  async *model(context: CallContext, workspaceId: string, digest: string): AsyncGenerator<HandedOut> {
    if (context.principal.kind !== 'service') throw workspaceMissing(workspaceId);
    const tree = parseTree(await this.files.get(workspaceId, digest));
    for (const { path, ...asset } of tree) if (isAsset(path)) yield { path, text: '', instance: '', asset };
    yield* this.whole(workspaceId, tree);
  }

  /** The files of the draft, for who may test automations. */
  async *draft(context: CallContext, name: string): AsyncGenerator<HandedOut> {
    const { workspace } = await this.access.require(context, name, 'test', 'automations');
    const { files } = await this.drafts.read(workspace.id);
    const tree = Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
    yield* this.whole(workspace.id, parseTree(treeText(tree)));
  }

  private async *whole(workspaceId: string, tree: Tree): AsyncGenerator<HandedOut> {
    yield* this.texts(workspaceId, '', tree);
    for (const mount of await this.mounts.of(workspaceId, this.mounts.textsIn(workspaceId, tree))) {
      yield { path: '', text: '', instance: mount.path, mount };
      yield* this.texts(mount.store, mount.path, mount.files);
    }
  }

  private async *texts(store: string, instance: string, tree: Mount['files']): AsyncGenerator<HandedOut> {
    for (const { path, digest } of tree) {
      if (isAsset(path)) continue;
      const text = await this.files.get(store, digest);
      const schemaVersion = await this.eventTypes.numberIn(store, { path, text });
      yield { path, instance, text, ...(schemaVersion === undefined ? {} : { schemaVersion }) };
    }
  }
}
