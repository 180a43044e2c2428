import type { Clock } from '@millrace/kernel';
import type { EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { AutoUpgrade } from '../../application/apps/auto-upgrade';
import { contextOf, payloadOf } from './heard';

const PATIENCE = 60_000;

/** Hears of versions of apps, for the workspaces that want them by themselves. */
export class AppNews extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly upgrade: AutoUpgrade,
    private readonly clock: Clock,
  ) {
    super(eventLog, {
      name: 'workspaces-upgrades',
      filter: ['*.apps.published'],
      order: 'none',
      parallel: 4,
      start: 'now',
    });
  }

  protected async hear(event: LoggedEvent): Promise<Outcome> {
    const app = appIn(event);
    if (app !== undefined) await this.upgrade.run(contextOf(event, this.clock, PATIENCE), app);
    return { kind: 'done' };
  }
}

function appIn(event: LoggedEvent): string | undefined {
  const { app } = payloadOf(event);
  return typeof app === 'string' ? app : undefined;
}
