import type { Clock } from '@millrace/kernel';
import type { Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { TidyCredentials } from '../../application/credentials/tidy-credentials';
import { contextOf, payloadOf } from './heard';

const GRACE = 5_000;

/** Hears of what changes what credentials mean. */
export class CredentialNews implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: EventLog,
    private readonly tidy: TidyCredentials,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.eventLog.consume(
      {
        name: 'workspaces-credentials',
        filter: [
          ...[
            '*.workspaces.keys.revoked',
            '*.workspaces.deleted',
            '*.workspaces.members.changed',
            '*.workspaces.members.left',
            '*.workspaces.shares.>',
            '*.workspaces.transferred',
          ],
          'platform.gateway.users.deleted',
        ],
        order: 'key',
        parallel: 8,
        attempts: 'unlimited',
        start: 'first',
      },
      async (event) => {
        await this.hear(event);
        return { kind: 'done' };
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }

  private async hear(event: LoggedEvent): Promise<void> {
    const { key, user, from } = payloadOf(event);
    const context = contextOf(event, this.clock);
    if (event.type === 'workspaces.deleted') await this.tidy.workspaceDeleted(context, event.workspaceId);
    else if (event.type === 'workspaces.keys.revoked' && typeof key === 'string') await this.tidy.keyRevoked(context, key);
    else if (event.type === 'gateway.users.deleted' && typeof user === 'string') await this.tidy.userDeleted(context, user);
    else if (event.type === 'workspaces.transferred' && typeof from === 'string')
      await this.tidy.makerChanged(context, event.workspaceId, from);
    else if (typeof user === 'string') await this.tidy.makerChanged(context, event.workspaceId, user);
  }
}
