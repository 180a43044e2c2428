import type { Collection, Stored } from '@millrace/documents';
import { eventTypeName } from '../domain/event-types/event-type';
import { freezesOf, isHidden } from '../domain/life';
import { regionOf } from '../domain/configuring/region';
import { activeVersion, parseTree, type Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import type { WrittenConfigs } from './configuring/written-configs';
import type { ActiveRecord, ActiveVersions } from './ports/active-versions';
import type { EgressRecords } from './ports/egress-records';
import type { FileStore } from './ports/file-store';
import type { OpenOrigins } from './ports/open-origins';
import type { SlugAliases } from './slug-aliases';

export interface AnnounceParts {
  readonly workspaces: Collection<Workspace>;
  readonly releases: Collection<Releases>;
  readonly active: ActiveVersions;
  readonly origins: OpenOrigins;
  readonly egress: Pick<EgressRecords, 'put'>;
  readonly files: FileStore;
  readonly aliases: SlugAliases;
  readonly configs: Pick<WrittenConfigs, 'tellAll' | 'forget'>;
}

/** Tells runtimes what runs in a workspace now, how far it reaches and what was written over its configurations, and gateways which origins it lets in. Done after each change, and again when its event comes by, so a crash in between loses nothing. */
export class Announce {
  constructor(private readonly parts: AnnounceParts) {}

  async workspace(workspaceId: string): Promise<void> {
    const { workspaces, active } = this.parts;
    const workspace = await workspaces.find(workspaceId);
    const releases = await this.parts.releases.find(workspaceId);
    if (workspace === undefined || isHidden(workspace.document)) {
      await this.parts.origins.remove(workspaceId);
      await this.parts.configs.forget(workspaceId);
      return active.remove(workspaceId);
    }
    await this.tellOrigins(workspace);
    await this.tellEgress(workspace);
    await this.parts.configs.tellAll(workspaceId);
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
      ...heldIn(workspace.document),
      revision: releases.revision + workspace.revision,
    });
  }

  private async formerly(workspace: Workspace): Promise<{ formerly?: readonly string[] }> {
    const formerly = await this.parts.aliases.of(workspace);
    return formerly.length === 0 ? {} : { formerly: formerly.map(({ slug }) => slug) };
  }

  private async declares(workspaceId: string, digest: string): Promise<boolean> {
    return parseTree(await this.parts.files.get(workspaceId, digest)).some(({ path }) => eventTypeName(path) !== undefined);
  }

  /** Most workspaces never name one, and have no record. */
  private async tellOrigins({ document, revision }: Stored<Workspace>): Promise<void> {
    const { id: workspaceId, slug, allowedOrigins: origins } = document;
    if (origins === undefined) return;
    const formerly = (await this.parts.aliases.of(document)).map(({ slug: former, until }) => ({ slug: former, until }));
    await this.parts.origins.put({ workspaceId, slug, origins, ...(formerly.length === 0 ? {} : { formerly }), revision });
  }

  /** As the origins. What was said stays said while the workspace is deleted: its last runs reach no further than before. */
  private async tellEgress({ document: { id: workspaceId, egress: hosts }, revision }: Stored<Workspace>): Promise<void> {
    if (hosts !== undefined) await this.parts.egress.put({ workspaceId, hosts, revision });
  }
}

/** Most workspaces say nothing of it, and it stands in no record. */
function heldIn(workspace: Workspace): Pick<ActiveRecord, 'unknownEvents' | 'region'> {
  const { unknownEvents = 'allow' } = workspace;
  const region = regionOf(workspace);
  return { ...(unknownEvents === 'allow' ? {} : { unknownEvents }), ...(region === undefined ? {} : { region }) };
}
