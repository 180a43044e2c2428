import type { Clock } from '@millrace/kernel';
import type { EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { TidyCredentials } from '../../application/credentials/tidy-credentials';
import { contextOf, payloadOf } from './heard';

/** Hears of what changes what credentials mean. */
export class CredentialNews extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly tidy: TidyCredentials,
    private readonly clock: Clock,
  ) {
    super(eventLog, {
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
      start: 'first',
    });
  }

  protected async hear(event: LoggedEvent): Promise<Outcome> {
    await this.tidied(event);
    return { kind: 'done' };
  }

  private async tidied(event: LoggedEvent): Promise<void> {
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
