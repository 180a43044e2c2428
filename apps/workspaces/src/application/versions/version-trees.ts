import type { Collection } from '@millrace/documents';
import type { CallContext } from '@millrace/messaging';
import type { DocumentProblem } from '../../domain/problems';
import { activeVersion, getVersion, noReleases, parseTree, type Releases, type Tree, type Version } from '../../domain/releases';
import type { Workspace } from '../../domain/workspace';
import type { Access, Deed, Entered } from '../access';
import type { FileStore } from '../ports/file-store';
import { keptProblems } from './kept-problems';

/** A version of a workspace, by its id or number. */
export interface VersionName {
  readonly workspace: string;
  readonly version: string;
}

/** A version with what stands in it. */
export interface VersionTree {
  readonly workspace: Workspace;
  readonly version: Version;
  readonly tree: Tree;
  readonly isActive: boolean;
}

/** One that somebody asked for, and what they have in its workspace. */
export interface EnteredTree extends VersionTree {
  readonly entered: Entered;
}

/** Finds versions and their trees, for who may do something to them. */
export class VersionTrees {
  constructor(
    private readonly releases: Collection<Releases>,
    private readonly access: Access,
    private readonly files: FileStore,
  ) {}

  /** Refuses who may not do that, and a version that is not there (`workspaces.version_not_found`). */
  async get(context: CallContext, { workspace: name, version }: VersionName, { action, subject }: Deed): Promise<EnteredTree> {
    const entered = await this.access.require(context, name, action, subject);
    return { ...(await this.of(entered.workspace, version)), entered };
  }

  /** What whoever published it was warned of, for who may read automations. */
  problems({ entered, version }: EnteredTree): Promise<readonly DocumentProblem[]> {
    return keptProblems(this.files, entered, version);
  }

  /** A version of this workspace, whoever asks. */
  async of(workspace: Workspace, version: string): Promise<VersionTree> {
    const releases = (await this.releases.find(workspace.id))?.document ?? noReleases(workspace.id);
    const found = getVersion(releases, version);
    const tree = parseTree(await this.files.get(workspace.id, found.digest));
    return { workspace, version: found, tree, isActive: activeVersion(releases)?.id === found.id };
  }
}
