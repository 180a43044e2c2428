import type { Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Announce } from '../../application/announce';

const GRACE = 5_000;

/** What changes what runs in a workspace, with which configuration, or under which name. */
const CHANGES = ['versions.activated', 'configured', 'updated', 'suspended', 'resumed', 'deleted', 'restored', 'transferred'].map(
  (type) => `*.workspaces.${type}`,
);

/** Follows our own events, so that a record that a crash kept from being written is written after all. */
export class Announcements implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: EventLog,
    private readonly announce: Announce,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.eventLog.consume(
      {
        name: 'workspaces-active',
        filter: CHANGES,
        order: 'key',
        parallel: 8,
        attempts: 'unlimited',
        start: 'first',
      },
      async ({ workspaceId }: LoggedEvent) => {
        await this.announce.workspace(workspaceId);
        return { kind: 'done' };
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }
}
