import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { writeFiles, type Draft } from '../../domain/draft';
import type { Tree } from '../../domain/releases';
import { compare, type ChangeKind, type FileChange } from '../../domain/tree/compare';
import { demandFiles } from '../drafting/file-rights';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { VersionName, VersionTrees } from './version-trees';

/** Paths of a draft that are not what they were, each kind by path. */
export type LaidOut = Readonly<Record<'created' | 'changed' | 'removed', readonly string[]>>;

export interface CheckoutVersionParts {
  readonly trees: VersionTrees;
  readonly drafts: Drafts;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Makes the draft what a version is, in one write. */
export class CheckoutVersion {
  constructor(private readonly parts: CheckoutVersionParts) {}

  /** `exclude`: paths that stay as they are in the draft; one that ends in `/` stands for all below it. */
  async run(context: CallContext, name: VersionName, exclude: readonly string[]): Promise<LaidOut> {
    const { trees, drafts, facts, clock } = this.parts;
    const { workspace, tree, version, entered } = await trees.get(context, name, { action: 'manage', subject: 'automations' });
    const isLeft = (path: string): boolean => exclude.some((each) => (each.endsWith('/') ? path.startsWith(each) : path === each));
    const writer = { by: context.principal.id, at: clock.now() };
    return drafts.change(context, workspace.id, (before) => {
      const { draft, changes } = laidOut(before, tree, isLeft, writer);
      demandFiles(entered, changes);
      const fact = {
        workspaceId: workspace.id,
        type: 'workspaces.drafts.changed',
        payload: { paths: changes.map(({ path }) => path), version: version.id },
        subject: `version/${version.id}`,
      };
      return { document: draft, events: changes.length === 0 ? [] : [facts.of(context, fact)], result: byKind(changes) };
    });
  }
}

function laidOut(
  draft: Draft,
  tree: Tree,
  isLeft: (path: string) => boolean,
  writer: { readonly by: string; readonly at: number },
): { draft: Draft; changes: readonly FileChange[] } {
  const now = new Map(Object.entries(draft.files).flatMap(([path, { digest }]) => (isLeft(path) ? [] : [[path, digest] as const])));
  const wanted = new Map(tree.filter(({ path }) => !isLeft(path)).map((file) => [file.path, file]));
  const { changes } = compare(now, new Map([...wanted].map(([path, { digest }]) => [path, digest])), true);
  if (changes.length === 0) return { draft, changes };
  const files = new Map(changes.map(({ path }) => [path, contentOf(wanted.get(path))]));
  return { draft: writeFiles(draft, files, writer), changes };
}

function contentOf(file: Tree[number] | undefined): Pick<Tree[number], 'digest' | 'size'> | undefined {
  return file === undefined ? undefined : { digest: file.digest, size: file.size };
}

/** Paths by what happened to them. */
export function byKind(changes: readonly FileChange[]): LaidOut {
  const of = (kind: ChangeKind): readonly string[] => changes.filter(({ change }) => change === kind).map(({ path }) => path);
  return { created: of('created'), changed: of('changed'), removed: of('removed') };
}
