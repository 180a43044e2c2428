import type { Consumption, EventLog } from '@millrace/messaging';
import { withIds, type Metrics } from '@millrace/observability';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { HandleEvent } from '../../application/handle-event';

const GRACE = 20_000;
const ATTEMPTS = 5;

/** Follows the log: each event starts the automations that listen to it, and is done when they are. */
export class Triggers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;
  private readonly seconds;

  constructor(
    private readonly eventLog: EventLog,
    private readonly handleEvent: HandleEvent,
    private readonly parallel: number,
    metrics: Metrics,
  ) {
    this.seconds = metrics.seconds('runtime_event_seconds', 'From an event in hand to the end of the runs it started.');
  }

  async onApplicationBootstrap(): Promise<void> {
    const durable = {
      name: 'runtime',
      filter: ['*.>'],
      order: 'key',
      parallel: this.parallel,
      attempts: ATTEMPTS,
      start: 'first',
    } as const;
    this.consumption = await this.eventLog.consume(durable, async (event, { signal }) => {
      const end = this.seconds.startTimer();
      await withIds({ correlationId: event.correlationId, workspace: event.workspaceId }, () => this.handleEvent.run(event, signal));
      end();
      return { kind: 'done' };
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }
}
