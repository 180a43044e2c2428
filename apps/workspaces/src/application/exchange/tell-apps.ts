import type { ImportNote } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { placeOf, type PackedApp } from '../../domain/exchange/packed-apps';
import { treeText, type TreeFile } from '../../domain/releases';
import type { Catalogue } from '../apps/catalogue';
import type { FileStore } from '../ports/file-store';
import type { Turns } from '../ports/turns';

/** Tells of the apps of an archive whether they are here. It writes nothing: who publishes an app, and who consents to one, says so by its call. */
export class TellApps {
  constructor(
    private readonly catalogue: Pick<Catalogue, 'find' | 'sees'>,
    private readonly files: Pick<FileStore, 'digestOf'>,
    private readonly turns: Turns,
  ) {}

  /** One note each, in their order. `workspaceId`: where the archive goes; undefined: into a new one. */
  async run(context: CallContext, apps: readonly PackedApp[], workspaceId: string | undefined): Promise<readonly ImportNote[]> {
    const notes: ImportNote[] = [];
    for (const app of apps) notes.push({ file: placeOf(app), differences: [], ...(await this.found(context, app, workspaceId)) });
    return notes;
  }

  private async found(context: CallContext, packed: PackedApp, workspaceId: string | undefined) {
    const { slug, number } = packed;
    const app = await this.catalogue.find(slug);
    const isSeen = app !== undefined && (await this.catalogue.sees(context, app, workspaceId));
    const version = isSeen ? app.versions.find((each) => each.number === number) : undefined;
    if (version === undefined) return missing(packed);
    return version.digest === (await this.digestOf(packed)) ? SAME : another(packed);
  }

  /** The digest of the version that these files would be; in turns of one file. */
  private async digestOf({ files }: PackedApp): Promise<string> {
    const tree: TreeFile[] = [];
    for (const { path, content } of files) {
      tree.push({ path, ...this.files.digestOf(content) });
      await this.turns.next();
    }
    return this.files.digestOf(treeText(tree)).digest;
  }
}

const SAME: Pick<ImportNote, 'outcome' | 'reason'> = {
  outcome: 'same',
  reason: 'this version of the app is here; it runs once somebody has consented to what it may do',
};

function missing({ slug, number }: PackedApp): Pick<ImportNote, 'outcome' | 'reason'> {
  const reason = `there is no ${slug} ${number} here, or it is not offered to you. To bring it along, import the archive with app=${slug}@${number}, publish that workspace, and publish it as version ${number} of an app`;
  return { outcome: 'refused', reason };
}

function another({ slug, number }: PackedApp): Pick<ImportNote, 'outcome' | 'reason'> {
  return { outcome: 'refused', reason: `${slug} ${number} has other files here. An archive changes no app: ask who publishes it` };
}
