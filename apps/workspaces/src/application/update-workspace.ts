import type { Collection, Stored } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Conditions } from '../domain/draft';
import { demandRegion } from '../domain/configuring/region';
import { changeWorkspace, slugTaken, type Workspace, type WorkspaceChanges } from '../domain/workspace';
import type { Access } from './access';
import type { Announce } from './announce';
import { knownOnly } from './expected-revision';
import type { Facts } from './facts';
import type { Photos } from './files/photos';
import { isTaken } from './is-taken';
import type { SlugAliases } from './slug-aliases';

export type { AutoUpgrade, PublishingMode, UnknownEvents, Workspace } from '../domain/workspace';
export type { WorkspaceChanges };

export interface UpdateWorkspaceParts {
  readonly workspaces: Collection<Workspace>;
  readonly photos: Pick<Photos, 'demand'>;
  readonly aliases: SlugAliases;
  readonly access: Access;
  readonly announce: Announce;
  readonly facts: Facts;
  readonly clock: Clock;
}

export class UpdateWorkspace {
  constructor(private readonly parts: UpdateWorkspaceParts) {}

  async run(context: CallContext, name: string, changes: WorkspaceChanges, conditions: Conditions): Promise<Stored<Workspace>> {
    const { access, announce, clock, facts, photos, workspaces } = this.parts;
    const { stored, workspace } = await access.require(context, name, 'update', 'workspaces');
    const demanded = demandOn(conditions);
    demanded(workspace, stored.revision);
    demandRegion(changes);
    await photos.demand(workspace.id, changes.photo);
    await this.makeWay(workspace, changes.slug);
    const change = (document: Workspace, revision: number) => {
      demanded(document, revision);
      const { workspace: next, changed } = changeWorkspace(document, changes, { by: context.principal.id, at: clock.now() });
      if (changed.length === 0) return { document, events: [] };
      const payload = { changed, ...(changed.includes('slug') ? { oldSlug: document.slug } : {}) };
      const fact = {
        workspaceId: document.id,
        type: 'workspaces.updated',
        payload,
        subject: `workspace/${document.id}`,
        revision: revision + 1,
      };
      return { document: next, events: [facts.of(context, fact)] };
    };
    await workspaces.update(workspace.id, change).catch((error: unknown) => {
      throw isTaken(error) && changes.slug !== undefined ? slugTaken(changes.slug) : error;
    });
    await announce.workspace(workspace.id);
    return workspaces.get(workspace.id);
  }

  /** The slug it had goes on to answer, and the one it gets is nobody else's, not even lately. */
  private async makeWay(workspace: Workspace, slug = workspace.slug): Promise<void> {
    if (slug === workspace.slug) return;
    await this.parts.aliases.demandFree(slug, workspace.id);
    await this.parts.aliases.keep(workspace);
  }
}

/** Refuses a workspace that is not at the revision its caller knows (412); at once, who does not say which that is (428). */
export function demandOn(conditions: Conditions): (workspace: Workspace, revision: number) => void {
  const demand = knownOnly(conditions);
  return ({ slug, owner, updatedAt, updatedBy = owner }, revision) => demand(`The workspace "${slug}"`, { revision, updatedBy, updatedAt });
}
