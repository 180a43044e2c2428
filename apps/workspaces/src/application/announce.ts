import type { Collection } from '@millrace/documents';
import { activeVersion, type Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import type { ActiveVersions } from './ports/active-versions';

/** Tells runtimes what runs in a workspace now. Done after each change, and again when its event comes by, so a crash in between loses nothing. */
export class Announce {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly releases: Collection<Releases>,
    private readonly active: ActiveVersions,
  ) {}

  async workspace(workspaceId: string): Promise<void> {
    const workspace = await this.workspaces.find(workspaceId);
    const releases = await this.releases.find(workspaceId);
    if (workspace === undefined || workspace.document.state === 'deleted') return this.active.remove(workspaceId);
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
}
