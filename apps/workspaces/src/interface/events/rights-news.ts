import type { Bucket, EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';

/** What changes anybody's rights in a workspace, or under which name it is found. */
const CHANGES = [
  ...['roles.>', 'members.>', 'shares.>', 'keys.>', 'users.>'],
  ...['updated', 'suspended', 'resumed', 'deleted', 'restored', 'transferred'],
].map((type) => `*.workspaces.${type}`);

/** Tells services that what they know of the rights in a workspace no longer holds: they follow the bucket `rights`. */
export class RightsNews extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly rights: Bucket,
  ) {
    super(eventLog, {
      name: 'workspaces-rights',
      filter: CHANGES,
      order: 'none',
      parallel: 8,
      start: 'now',
    });
  }

  protected async hear({ workspaceId, id }: LoggedEvent): Promise<Outcome> {
    await this.rights.put(workspaceId, Buffer.from(id));
    return { kind: 'done' };
  }
}
