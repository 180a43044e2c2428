import type { CallContext } from '@millrace/messaging';
import type { Tree } from '../../domain/releases';
import { isAsset } from '../../domain/tree/assets';
import { touched, type FileChange } from '../../domain/tree/compare';
import { documentChanges, type DocumentChange } from '../../domain/versions/document-changes';
import type { Access } from '../access';
import { readsRoles, ROLES_PATH } from '../checking/reads-roles';
import type { Drafts } from '../drafts';
import type { Differences } from '../ports/differences';
import type { FileStore } from '../ports/file-store';
import type { VersionName, VersionTrees } from './version-trees';

/** A file that is not the same on both sides. */
export interface FileDifference {
  readonly path: string;
  readonly kind: FileChange['change'];
  readonly changes: readonly DocumentChange[];
  /** As a unified diff; empty: too much to show, no text, or the roles for who may not read them. */
  readonly text: string;
}

export interface DiffVersionsParts {
  readonly access: Access;
  readonly trees: VersionTrees;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly differences: Differences;
}

/** What stands for the draft among the names of versions. */
const DRAFT = 'draft';
const UNTOLD = { changes: [], text: '' } as const;
/** Characters of lines and values shown of all files together; of what comes after, only the names are. */
const MOST_SHOWN = 400_000;

/** Says what is different between two versions, or a version and the draft. */
export class DiffVersions {
  constructor(private readonly parts: DiffVersionsParts) {}

  /** On the way from the version to `other`: a version, or the draft when it is `draft` or empty. Texts are shown, so it takes the right to read automations as well. */
  async run(context: CallContext, name: VersionName, other: string): Promise<readonly FileDifference[]> {
    const { entered, workspace, tree } = await this.parts.trees.get(context, name, { action: 'read', subject: 'versions' });
    await this.parts.access.require(context, name.workspace, 'read', 'automations');
    const isDraft = other === '' || other === DRAFT;
    const wanted = isDraft ? await this.draft(workspace.id) : (await this.parts.trees.of(workspace, other)).tree;
    const sides = [digestsOf(tree), digestsOf(wanted)] as const;
    const differences: FileDifference[] = [];
    const hidden = readsRoles(entered) ? '' : ROLES_PATH;
    let shown = 0;
    for (const { path, change: kind } of touched(...sides)) {
      const detail = shown > MOST_SHOWN || path === hidden ? UNTOLD : await this.detail(workspace.id, path, sides);
      shown += detail.text.length + JSON.stringify(detail.changes).length;
      differences.push({ path, kind, ...detail });
    }
    return differences;
  }

  private async draft(workspaceId: string): Promise<Tree> {
    const { files } = await this.parts.drafts.read(workspaceId);
    return Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
  }

  private async detail(
    workspaceId: string,
    path: string,
    sides: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>],
  ): Promise<Pick<FileDifference, 'changes' | 'text'>> {
    const { files, differences } = this.parts;
    if (isAsset(path)) return UNTOLD;
    const [before, after] = await Promise.all(
      sides.map(async (side) => {
        const digest = side.get(path);
        return digest === undefined ? undefined : files.get(workspaceId, digest);
      }),
    );
    return { changes: this.changes(path, before, after), text: differences.lines(path, before, after) };
  }

  /** Only of what is a document on both sides. */
  private changes(path: string, before: string | undefined, after: string | undefined): readonly DocumentChange[] {
    if (before === undefined || after === undefined || !/\.(?:ya?ml|json)$/.test(path)) return [];
    const [old, now] = [this.parts.differences.documentIn(before), this.parts.differences.documentIn(after)];
    return old === undefined || now === undefined ? [] : documentChanges(old, now);
  }
}

function digestsOf(tree: Tree): ReadonlyMap<string, string> {
  return new Map(tree.map(({ path, digest }) => [path, digest]));
}
