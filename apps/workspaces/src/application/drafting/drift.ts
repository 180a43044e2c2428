import { fileAt, type Draft, type DraftBase } from '../../domain/draft';
import { bothTouched, touched, type Digests, type FileChange } from '../../domain/tree/compare';
import { digestsOf, treeOf, type DraftTrees } from './draft-trees';

/** A file that is not as it was, and who changed it last; of one that is gone nobody knows. */
export interface FileTouch extends FileChange {
  readonly updatedBy?: string;
  readonly updatedAt?: number;
}

/** What a draft is compared with. */
export interface Basis {
  readonly base: DraftBase;
  readonly digests: Digests;
}

/** Tells what has become of a draft since it was applied, or seen. */
export class Drift {
  constructor(private readonly trees: DraftTrees) {}

  /** The tree that was there under the digest, or else when something was applied last; undefined: nothing is known of it. */
  async basis(draft: Draft, digest?: string): Promise<Basis | undefined> {
    const { workspaceId, base } = draft;
    const wanted = digest ?? base?.digest;
    if (wanted === undefined) return undefined;
    const tree = await this.trees.find(workspaceId, wanted);
    if (tree === undefined) return undefined;
    return { base: base?.digest === wanted ? base : { digest: wanted, by: '', at: 0 }, digests: digestsOf(tree) };
  }

  /** What has changed in the draft since. */
  since(draft: Draft, basis: Basis | undefined): readonly FileTouch[] {
    return basis === undefined ? [] : told(draft, touched(basis.digests, digestsOf(treeOf(draft))));
  }

  /** What both sides have changed since, each in its own way. Without a basis: every file in which they differ. */
  conflicts(draft: Draft, basis: Basis | undefined, wanted: Digests): readonly FileTouch[] {
    const now = digestsOf(treeOf(draft));
    return told(draft, basis === undefined ? differing(now, wanted) : bothTouched(basis.digests, now, wanted));
  }
}

/** Files that are there on both sides, and not the same. */
function differing(now: Digests, wanted: Digests): readonly FileChange[] {
  return touched(now, wanted).filter(({ change }) => change === 'changed');
}

function told(draft: Draft, changes: readonly FileChange[]): readonly FileTouch[] {
  return changes.map((change) => {
    const file = fileAt(draft, change.path);
    return file === undefined ? change : { ...change, updatedBy: file.updatedBy, updatedAt: file.updatedAt };
  });
}
