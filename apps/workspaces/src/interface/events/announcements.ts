import type { EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { Announce } from '../../application/announce';

/** What changes what runs in a workspace, with which configuration, or under which name. */
const CHANGES = ['versions.activated', 'configured', 'updated', 'suspended', 'resumed', 'deleted', 'restored', 'transferred'].map(
  (type) => `*.workspaces.${type}`,
);

/** Follows our own events, so that a record that a crash kept from being written is written after all. */
export class Announcements extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly announce: Announce,
  ) {
    super(eventLog, {
      name: 'workspaces-active',
      filter: CHANGES,
      order: 'key',
      parallel: 8,
      start: 'first',
    });
  }

  protected async hear({ workspaceId }: LoggedEvent): Promise<Outcome> {
    await this.announce.workspace(workspaceId);
    return { kind: 'done' };
  }
}
