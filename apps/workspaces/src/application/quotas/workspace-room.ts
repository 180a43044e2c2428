import type { Collection } from '@millrace/documents';
import type { Principal } from '@millrace/kernel';
import { demandCreator, demandOwnable, demandSpace, type Room } from '../../domain/quotas/room';
import type { Workspace } from '../../domain/workspace';

/** Holds who may make workspaces, and how many there are. Calls that come at once may each be let in to the last place. */
export class WorkspaceRoom {
  constructor(
    private readonly workspaces: Pick<Collection<Workspace>, 'count' | 'find'>,
    private readonly room: Room,
  ) {}

  /** Refuses (`workspaces.create_denied`) who may make none. */
  admit({ roles }: Principal): void {
    demandCreator(this.room, roles);
  }

  /** Refuses (`workspaces.quota_reached`) one more of this person, and on the platform. One that was begun before has its place. */
  async demandOneMore({ id, owner }: Workspace): Promise<void> {
    if ((await this.workspaces.find(id)) !== undefined) return;
    await this.demandOwnable(owner);
    demandSpace(this.room, await this.workspaces.count({ placed: true }));
  }

  /** Refuses (`workspaces.quota_reached`) one that is there and would be this person's. Of what is nobody's there may be any number. */
  async demandOwnable(owner: string): Promise<void> {
    if (owner !== '') demandOwnable(this.room, await this.workspaces.count({ place: owner }));
  }
}
