import type { Collection, Stored } from '@millrace/documents';
import { eventTypeName } from '../domain/event-types/event-type';
import { freezesOf } from '../domain/life';
import { activeVersion, parseTree, type Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import type { ActiveVersions } from './ports/active-versions';
import type { FileStore } from './ports/file-store';
import type { OpenOrigins } from './ports/open-origins';
import type { SlugAliases } from './slug-aliases';

export interface AnnounceParts {
  readonly workspaces: Collection<Workspace>;
  readonly releases: Collection<Releases>;
  readonly active: ActiveVersions;
  readonly origins: OpenOrigins;
  readonly files: FileStore;
  readonly aliases: SlugAliases;
}

/** Tells runtimes what runs in a workspace now, and gateways which origins it lets in. Done after each change, and again when its event comes by, so a crash in between loses nothing. */
export class Announce {
  constructor(private readonly parts: AnnounceParts) {}

  async workspace(workspaceId: string): Promise<void> {
    const { workspaces, active } = this.parts;
    const workspace = await workspaces.find(workspaceId);
    const releases = await this.parts.releases.find(workspaceId);
    if (workspace === undefined || workspace.document.state === 'deleted') {
      await this.parts.origins.remove(workspaceId);
      return active.remove(workspaceId);
    }
    await this.tellOrigins(workspace);
    const version = releases === undefined ? undefined : activeVersion(releases.document);
    if (releases === undefined || version === undefined) return;
    await active.put({
      workspaceId,
      slug: workspace.document.slug,
      ...(await this.formerly(workspace.document)),
      version: version.id,
      digest: version.digest,
      freezes: freezesOf(workspace.document),
      declares: await this.declares(workspaceId, version.digest),
      revision: releases.revision + workspace.revision,
    });
  }

  private async formerly(workspace: Workspace): Promise<{ formerly?: readonly string[] }> {
    const formerly = await this.parts.aliases.of(workspace);
    return formerly.length === 0 ? {} : { formerly };
  }

  private async declares(workspaceId: string, digest: string): Promise<boolean> {
    return parseTree(await this.parts.files.get(workspaceId, digest)).some(({ path }) => eventTypeName(path) !== undefined);
  }

  /** Most workspaces never name one, and have no record. */
  private async tellOrigins({ document: { id, slug, allowedOrigins }, revision }: Stored<Workspace>): Promise<void> {
    if (allowedOrigins !== undefined) await this.parts.origins.put({ workspaceId: id, slug, origins: allowedOrigins, revision });
  }
}
