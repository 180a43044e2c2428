import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { documentRefused, type DocumentProblem } from '../domain/problems';
import {
  activeVersion,
  countChanges,
  nextNumber,
  noReleases,
  parseTree,
  publish,
  treeText,
  type Releases,
  type Tree,
  type Version,
} from '../domain/releases';
import type { Access } from './access';
import type { Announce } from './announce';
import type { CheckWorkspace } from './checking/check-workspace';
import type { Drafts } from './drafts';
import { answering, ensure } from './ensure';
import type { Facts } from './facts';
import type { FileStore } from './ports/file-store';

export interface PublishParts {
  readonly releases: Collection<Releases>;
  readonly access: Access;
  readonly announce: Announce;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly check: CheckWorkspace;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What runs now, and what was warned of on the way. */
export interface Published {
  readonly version: Version;
  readonly problems: readonly DocumentProblem[];
}

/** Makes the draft an immutable version and the one that runs, in one write. A draft with errors is refused whole. */
export class PublishVersion {
  constructor(private readonly parts: PublishParts) {}

  async run(context: CallContext, name: string, message: string): Promise<Published> {
    const { access, announce, drafts, files, releases } = this.parts;
    const { workspace } = await access.require(context, name, 'publish', 'versions');
    const draft = await drafts.read(workspace.id);
    const tree = Object.entries(draft.files).map(([path, { digest, size }]) => ({ path, digest, size }));
    const problems = await this.demandSound(workspace.id, tree);
    const { digest } = await files.put(workspace.id, treeText(tree));
    await ensure(releases, workspace.id, () => noReleases(workspace.id));
    const before = activeVersion((await releases.get(workspace.id)).document);
    const changes = countChanges(before === undefined ? [] : parseTree(await files.get(workspace.id, before.digest)), tree);
    const version = await answering(releases, workspace.id, (document, revision) => {
      const active = activeVersion(document);
      if (active?.digest === digest) return { document, events: [], result: active };
      const next = this.version(context, nextNumber(document), { digest, message, changes });
      return { document: publish(document, next), events: this.tell(context, workspace.id, next, active, revision + 1), result: next };
    });
    await announce.workspace(workspace.id);
    return { version, problems };
  }

  private async demandSound(workspaceId: string, tree: Tree): Promise<readonly DocumentProblem[]> {
    const problems = await this.parts.check.files(workspaceId, tree);
    if (problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    return problems;
  }

  private version(context: CallContext, number: number, made: Pick<Version, 'digest' | 'message' | 'changes'>): Version {
    return { id: this.parts.ids.mint('ver'), number, author: context.principal.id, publishedAt: this.parts.clock.now(), ...made };
  }

  private tell(context: CallContext, workspaceId: string, version: Version, previous: Version | undefined, revision: number) {
    const { id, digest, number, changes } = version;
    const subject = `version/${id}`;
    const published = { version: id, number, digest, revision, changes };
    const activated = { version: id, digest, revision, ...(previous === undefined ? {} : { previous: previous.id }) };
    return [
      this.parts.facts.of(context, { workspaceId, type: 'workspaces.versions.published', payload: published, subject, revision }),
      this.parts.facts.of(context, { workspaceId, type: 'workspaces.versions.activated', payload: activated, subject, revision }),
    ];
  }
}
