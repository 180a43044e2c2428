import type { Collection, Stored } from '@millrace/documents';
import type { Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { activeVersion, type Releases, type Version } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import type { Access } from './access';

/** A version as it is shown: whole. */
export type VersionView = Version;

/** A workspace with the version that runs in it. */
export interface WorkspaceView {
  readonly stored: Stored<Workspace>;
  readonly active?: Version;
}

/** Shows workspaces and their versions. */
export class ReadWorkspaces {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly releases: Collection<Releases>,
    private readonly access: Access,
  ) {}

  async get(context: CallContext, name: string): Promise<WorkspaceView> {
    const { stored } = await this.access.require(context, name, 'read', 'workspaces');
    return this.view(stored);
  }

  /** The caller's own, newest first. */
  async list(context: CallContext, limit: number, cursor: string): Promise<Page<WorkspaceView>> {
    const page = await this.workspaces.page({
      where: { owner: context.principal.id },
      by: 'created',
      direction: 'descending',
      limit,
      ...(cursor === '' ? {} : { cursor }),
    });
    const items = await Promise.all(page.items.map((stored) => this.view(stored)));
    return { ...page, items };
  }

  /** Newest first, those below the number `before`. */
  async versions(context: CallContext, name: string, limit: number, before: number): Promise<{ items: readonly Version[]; more: boolean }> {
    const { workspace } = await this.access.require(context, name, 'read', 'versions');
    const versions = (await this.releases.find(workspace.id))?.document.versions ?? [];
    const rest = versions.filter(({ number }) => number < before).reverse();
    return { items: rest.slice(0, limit), more: rest.length > limit };
  }

  /** A workspace somebody just wrote, as it is shown. */
  async view(stored: Stored<Workspace>): Promise<WorkspaceView> {
    const releases = await this.releases.find(stored.document.id);
    const active = releases === undefined ? undefined : activeVersion(releases.document);
    return active === undefined ? { stored } : { stored, active };
  }
}
