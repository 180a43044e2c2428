import type { Collection, Stored } from '@millrace/documents';
import { activeVersion, type Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import type { ActiveVersions } from './ports/active-versions';
import type { OpenOrigins } from './ports/open-origins';

/** Tells runtimes what runs in a workspace now, and gateways which origins it lets in. Done after each change, and again when its event comes by, so a crash in between loses nothing. */
export class Announce {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly releases: Collection<Releases>,
    private readonly active: ActiveVersions,
    private readonly origins: OpenOrigins,
  ) {}

  async workspace(workspaceId: string): Promise<void> {
    const workspace = await this.workspaces.find(workspaceId);
    const releases = await this.releases.find(workspaceId);
    if (workspace?.document.state !== 'active') {
      await this.origins.remove(workspaceId);
      return this.active.remove(workspaceId);
    }
    await this.tellOrigins(workspace);
    const version = releases === undefined ? undefined : activeVersion(releases.document);
    if (releases === undefined || version === undefined) return;
    await this.active.put({
      workspaceId,
      slug: workspace.document.slug,
      version: version.id,
      digest: version.digest,
      revision: releases.revision + workspace.revision,
    });
  }

  /** Most workspaces never name one, and have no record. */
  private async tellOrigins({ document: { id, slug, allowedOrigins }, revision }: Stored<Workspace>): Promise<void> {
    if (allowedOrigins !== undefined) await this.origins.put({ workspaceId: id, slug, origins: allowedOrigins, revision });
  }
}
