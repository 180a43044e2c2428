import type { Collection, Stored } from '@millrace/documents';
import { isId, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isHidden, restoreWorkspace } from '../../domain/life';
import { slugTaken, workspaceMissing, type Workspace } from '../../domain/workspace';
import type { Announce } from '../announce';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import type { WorkspaceRoom } from '../quotas/workspace-room';
import type { SlugAliases } from '../slug-aliases';

export interface RestoreWorkspaceParts {
  readonly workspaces: Collection<Workspace>;
  readonly aliases: SlugAliases;
  readonly room: WorkspaceRoom;
  readonly announce: Announce;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Brings a deleted workspace back as it was; its keys stay revoked. */
export class RestoreWorkspace {
  constructor(private readonly parts: RestoreWorkspaceParts) {}

  /** By its id, for its slug may be another's by now: then it needs a new one. Only its owner may, and the platform's admins. */
  async run(context: CallContext, id: string, slug: string | undefined): Promise<Stored<Workspace>> {
    const { aliases, announce, clock, facts, room, workspaces } = this.parts;
    const { kind, id: caller, roles } = context.principal;
    const found = isId('ws', id) ? await workspaces.find(id) : undefined;
    const mayHave = kind === 'user' && (found?.document.owner === caller || roles.includes('platform-admin'));
    if (found === undefined || !mayHave || context.principal.workspaces !== undefined) throw workspaceMissing(id);
    await aliases.demandFree(slug ?? found.document.slug, id);
    if (isHidden(found.document)) await room.demandOwnable(found.document.owner);
    const change = (document: Workspace, revision: number) => {
      const restored = restoreWorkspace(document, { by: caller, at: clock.now() });
      const next = slug === undefined ? restored : { ...restored, slug };
      const fact = {
        workspaceId: id,
        type: 'workspaces.restored',
        payload: { slug: next.slug },
        subject: `workspace/${id}`,
        revision: revision + 1,
      };
      return { document: next, events: [facts.of(context, fact)] };
    };
    await workspaces.update(id, change).catch((error: unknown) => {
      throw isTaken(error) ? slugTaken(slug ?? found.document.slug) : error;
    });
    await announce.workspace(id);
    return workspaces.get(id);
  }
}
