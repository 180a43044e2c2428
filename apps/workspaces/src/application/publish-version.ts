import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { LOCK_PATH } from '../domain/apps/installed';
import { documentRefused, type DocumentProblem } from '../domain/problems';
import {
  activate,
  activeVersion,
  addVersion,
  countChanges,
  nextNumber,
  noReleases,
  parseTree,
  treeText,
  unchangedVersion,
  type Releases,
  type Tree,
  type Version,
} from '../domain/releases';
import type { Access, Entered } from './access';
import type { Announce } from './announce';
import type { CheckWorkspace } from './checking/check-workspace';
import type { Drafts } from './drafts';
import { answering, ensure } from './ensure';
import type { Facts } from './facts';
import { NARROWED } from './event-types/check-event-types';
import type { DeclareEventTypes } from './event-types/declare-event-types';
import type { FileStore } from './ports/file-store';
import { activatedFact } from './versions/activated-fact';
import { keepProblems } from './versions/kept-problems';

export interface PublishParts {
  readonly releases: Collection<Releases>;
  readonly access: Access;
  readonly announce: Announce;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly check: CheckWorkspace;
  readonly declare: DeclareEventTypes;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What runs now, and what was warned of on the way. */
export interface Published {
  readonly version: Version;
  readonly problems: readonly DocumentProblem[];
}

/** What is said of a version when it is published. */
export interface Publishing {
  readonly message: string;
  /** What people call it; absent: nothing. */
  readonly name?: string;
  /** Whether it is the one that runs from now on. */
  readonly activates: boolean;
  /** Whether event types may refuse what they accepted. */
  readonly force?: boolean;
}

/** Makes the draft an immutable version and, unless told otherwise, the one that runs, in one write. A draft with errors is refused whole. */
export class PublishVersion {
  constructor(private readonly parts: PublishParts) {}

  async run(context: CallContext, name: string, said: Publishing): Promise<Published> {
    const { access, announce, declare, drafts, files, releases } = this.parts;
    const entered = await access.require(context, name, 'publish', 'versions');
    const { workspace } = entered;
    const draft = await drafts.read(workspace.id);
    const tree = Object.entries(draft.files).map(([path, { digest, size }]) => ({ path, digest, size }));
    const problems = await this.demandSound(context, entered, tree, said.force === true);
    await declare.run(context, workspace.id, tree);
    const { digest } = await files.put(workspace.id, treeText(tree));
    await ensure(releases, workspace.id, () => noReleases(workspace.id));
    const before = activeVersion((await releases.get(workspace.id)).document);
    const lock = tree.find(({ path }) => path === LOCK_PATH)?.digest;
    const changes = countChanges(before === undefined ? [] : parseTree(await files.get(workspace.id, before.digest)), tree);
    const kept = await keepProblems(files, workspace.id, problems);
    const version = await answering(releases, workspace.id, (document, revision) => {
      const existing = unchangedVersion(document, digest);
      const result =
        existing ??
        this.version(
          context,
          nextNumber(document),
          { digest, changes, ...(lock === undefined ? {} : { lock }), ...kept, ...parentIn(document) },
          said,
        );
      const added = existing === undefined ? addVersion(document, result) : document;
      const next = said.activates ? activate(added, result) : added;
      const published = existing === undefined ? [this.published(context, workspace.id, result, revision + 1)] : [];
      const activated = this.activated(context, workspace.id, { before: document, next }, revision + 1);
      return { document: next, events: [...published, ...activated], result };
    });
    await announce.workspace(workspace.id);
    return { version, problems };
  }

  private async demandSound(context: CallContext, entered: Entered, tree: Tree, force: boolean): Promise<readonly DocumentProblem[]> {
    const found = await this.parts.check.files(context, entered, tree);
    const problems = force ? found.map(forced) : found;
    if (problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    return problems;
  }

  private version(
    context: CallContext,
    number: number,
    made: Pick<Version, 'digest' | 'changes' | 'parent' | 'lock' | 'problems'>,
    { message, name }: Publishing,
  ): Version {
    const { ids, clock } = this.parts;
    const said = { message, ...(name === undefined ? {} : { name }) };
    return { id: ids.mint('ver'), number, author: context.principal.id, publishedAt: clock.now(), ...said, ...made };
  }

  private published(context: CallContext, workspaceId: string, { id, digest, number, changes }: Version, revision: number) {
    const payload = { version: id, number, digest, revision, changes };
    return this.parts.facts.of(context, {
      workspaceId,
      type: 'workspaces.versions.published',
      payload,
      subject: `version/${id}`,
      revision,
    });
  }

  private activated(
    context: CallContext,
    workspaceId: string,
    { before, next }: { readonly before: Releases; readonly next: Releases },
    revision: number,
  ) {
    const fact = activatedFact(workspaceId, before, next, revision);
    return fact === undefined ? [] : [this.parts.facts.of(context, fact)];
  }
}

function parentIn({ active }: Releases): Pick<Version, 'parent'> {
  return active === undefined ? {} : { parent: active };
}

/** What `force` lets through is only warned of. */
function forced(problem: DocumentProblem): DocumentProblem {
  return problem.code === NARROWED ? { ...problem, severity: 'warning' } : problem;
}
