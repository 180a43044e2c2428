import type { Clock } from '@millrace/kernel';
import type { Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { AutoUpgrade } from '../../application/apps/auto-upgrade';
import { contextOf, payloadOf } from './heard';

const GRACE = 5_000;
const PATIENCE = 60_000;

/** Hears of versions of apps, for the workspaces that want them by themselves. */
export class AppNews implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: EventLog,
    private readonly upgrade: AutoUpgrade,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.eventLog.consume(
      {
        name: 'workspaces-upgrades',
        filter: ['*.apps.published'],
        order: 'none',
        parallel: 4,
        attempts: 'unlimited',
        start: 'now',
      },
      async (event) => {
        const app = appIn(event);
        if (app !== undefined) await this.upgrade.run(contextOf(event, this.clock, PATIENCE), app);
        return { kind: 'done' };
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }
}

function appIn(event: LoggedEvent): string | undefined {
  const { app } = payloadOf(event);
  return typeof app === 'string' ? app : undefined;
}
