import type { Bucket, Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

const GRACE = 5_000;

/** What changes anybody's rights in a workspace, or under which name it is found. */
const CHANGES = [
  ...['roles.>', 'members.>', 'shares.>', 'keys.>', 'users.>'],
  ...['updated', 'suspended', 'resumed', 'deleted', 'restored', 'transferred'],
].map((type) => `*.workspaces.${type}`);

/** Tells services that what they know of the rights in a workspace no longer holds: they follow the bucket `rights`. */
export class RightsNews implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: EventLog,
    private readonly rights: Bucket,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.eventLog.consume(
      {
        name: 'workspaces-rights',
        filter: CHANGES,
        order: 'none',
        parallel: 8,
        attempts: 'unlimited',
        start: 'now',
      },
      async ({ workspaceId, id }: LoggedEvent) => {
        await this.rights.put(workspaceId, Buffer.from(id));
        return { kind: 'done' };
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }
}
