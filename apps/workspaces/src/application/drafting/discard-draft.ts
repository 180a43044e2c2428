import type { Collection } from '@millrace/documents';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { writeFiles } from '../../domain/draft';
import { activeVersion, parseTree, type Releases, type Tree } from '../../domain/releases';
import { touched, type FileChange } from '../../domain/tree/compare';
import type { Access } from '../access';
import type { Drafts } from '../drafts';
import type { FileStore } from '../ports/file-store';
import type { DraftFacts } from './draft-facts';
import { draftMoved, draftUnnamed } from './draft-moved';
import { digestsOf, treeOf, type DraftTrees } from './draft-trees';
import type { Drift } from './drift';
import { demandFiles } from './file-rights';
import type { WantedTrees } from './wanted-files';

export interface Discarding {
  readonly workspace: string;
  /** Digest of the draft that the caller saw; `*`: any; empty: not said. */
  readonly ifMatch: string;
  /** Only these; none: all. */
  readonly paths: readonly string[];
}

export interface Discarded {
  readonly digest: string;
  readonly changes: readonly FileChange[];
}

export interface DiscardDraftParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly releases: Collection<Releases>;
  readonly files: FileStore;
  readonly trees: DraftTrees;
  readonly wanted: WantedTrees;
  readonly drift: Drift;
  readonly facts: DraftFacts;
  readonly clock: Clock;
}

/** Puts a draft, or some of its files, back to what the active version has. */
export class DiscardDraft {
  constructor(private readonly parts: DiscardDraftParts) {}

  async run(context: CallContext, { workspace: name, ifMatch, paths }: Discarding): Promise<Discarded> {
    const { access, drafts, facts, trees, wanted } = this.parts;
    const entered = await access.require(context, name, 'manage', 'automations');
    const { workspace } = entered;
    if (ifMatch === '') throw draftUnnamed(trees.digestOf(await drafts.read(workspace.id)));
    const version = await this.active(workspace.id);
    const restored = new Map(version.map((file) => [file.path, file]));
    const described = facts.describe(touched(new Map(), digestsOf(version)), await wanted.texts(workspace.id, restored));
    const discarded = await drafts.change(context, workspace.id, (before) => {
      if (ifMatch !== '*' && ifMatch !== trees.digestOf(before)) return { document: before, events: [], result: undefined };
      const changes = touched(digestsOf(treeOf(before)), digestsOf(version)).filter(({ path }) => isAmong(paths, path));
      demandFiles(entered, changes);
      const next = writeFiles(before, new Map(changes.map(({ path }) => [path, restored.get(path)])), this.author(context));
      const digest = trees.digestOf(next);
      return { document: next, events: facts.applied(context, next, { changes, described, digest }), result: { digest, changes } };
    });
    return discarded ?? this.refuse(workspace.id, ifMatch);
  }

  private author({ principal }: CallContext): { by: string; at: number } {
    return { by: principal.id, at: this.parts.clock.now() };
  }

  private async active(workspaceId: string): Promise<Tree> {
    const { files, releases } = this.parts;
    const stored = await releases.find(workspaceId);
    const version = stored === undefined ? undefined : activeVersion(stored.document);
    if (version === undefined) throw nothingPublished();
    return parseTree(await files.get(workspaceId, version.digest));
  }

  private async refuse(workspaceId: string, ifMatch: string): Promise<never> {
    const { drafts, drift, trees } = this.parts;
    const draft = await drafts.read(workspaceId);
    const theirs = drift.since(draft, await drift.basis(draft, ifMatch));
    throw draftMoved(trees.digestOf(draft), theirs, theirs);
  }
}

function isAmong(paths: readonly string[], path: string): boolean {
  return paths.length === 0 || paths.includes(path);
}

function nothingPublished(): DomainError {
  const detail = 'Nothing has been published yet, so there is nothing to go back to. Delete the files instead.';
  return new DomainError('workspaces.nothing_published', 'conflict', detail);
}
