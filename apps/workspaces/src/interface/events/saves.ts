import type { Clock } from '@millrace/kernel';
import type { EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { PublishSaved } from '../../application/versions/publish-saved';
import { contextOf } from './heard';

const PATIENCE = 60_000;

/** What changes a draft. */
const CHANGES = [
  ...['created', 'updated', 'deleted'].map((verb) => `*.workspaces.automations.${verb}`),
  '*.workspaces.drafts.changed',
  ...['installed', 'configured', 'upgraded', 'removed'].map((verb) => `*.apps.${verb}`),
];

/**
 * Hears of changes of drafts, for the workspaces that publish them by themselves. A change is not done with while its draft waits to be
 * published, so whoever takes over from a process that dies goes on waiting.
 */
export class Saves extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly publish: PublishSaved,
    private readonly clock: Clock,
  ) {
    super(eventLog, {
      name: 'workspaces-saves',
      filter: CHANGES,
      order: 'key',
      parallel: 8,
      start: 'now',
    });
  }

  protected async hear(event: LoggedEvent): Promise<Outcome> {
    const delay = await this.publish.run(contextOf(event, this.clock, PATIENCE), event.workspaceId);
    return delay > 0 ? { kind: 'retry', delay, reason: 'The draft was changed too lately to be published.' } : { kind: 'done' };
  }
}
