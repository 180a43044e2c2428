import type { Collection } from '@millrace/documents';
import { parseTree, type Releases } from '../../domain/releases';
import type { Drafts } from '../drafts';
import type { FileStore } from '../ports/file-store';

/** Knows which texts of a workspace something names: its draft, what was applied to it last, its versions, and what was told of those. */
export class NamedTexts {
  constructor(
    private readonly drafts: Drafts,
    private readonly releases: Collection<Releases>,
    private readonly files: FileStore,
  ) {}

  /** By their digests; trees among them. */
  async of(workspaceId: string): Promise<ReadonlySet<string>> {
    const { files, base } = await this.drafts.read(workspaceId);
    const versions = (await this.releases.find(workspaceId))?.document.versions ?? [];
    const trees = new Set([...versions.map(({ digest }) => digest), ...(base === undefined ? [] : [base.digest])]);
    const told = versions.flatMap(({ problems }) => problems ?? []);
    const named = new Set([...trees, ...told, ...Object.values(files).map(({ digest }) => digest)]);
    for (const tree of trees) {
      for (const { digest } of parseTree(await this.files.get(workspaceId, tree))) named.add(digest);
    }
    return named;
  }
}
