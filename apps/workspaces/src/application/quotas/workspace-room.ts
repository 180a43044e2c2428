import type { Collection } from '@millrace/documents';
import type { Principal } from '@millrace/kernel';
import { demandCreator, demandOwnable, demandSpace, type Room } from '../../domain/quotas/room';
import type { Workspace } from '../../domain/workspace';

/** Holds who may make workspaces, and how many there are. Those who come at once may each be let in to the last place. */
export class WorkspaceRoom {
  constructor(
    private readonly workspaces: Pick<Collection<Workspace>, 'count'>,
    private readonly room: Room,
  ) {}

  /** Refuses (`workspaces.create_denied`) who may make none. */
  admit({ roles }: Principal): void {
    demandCreator(this.room, roles);
  }

  /** Refuses (`workspaces.quota_reached`) one more of this person, and on the platform. */
  async demandOneMore(owner: string): Promise<void> {
    await this.demandOwnable(owner);
    demandSpace(this.room, await this.workspaces.count({}));
  }

  /** Refuses (`workspaces.quota_reached`) one that is there and would be this person's. */
  async demandOwnable(owner: string): Promise<void> {
    demandOwnable(this.room, await this.workspaces.count({ owner }));
  }
}
