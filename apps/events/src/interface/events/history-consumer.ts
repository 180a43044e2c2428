import type { Consumption, EventLog } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { IndexHistory } from '../../application/index-history';

const GRACE = 5_000;
/** Events in hand at once: the credit that the store is given. */
const CREDIT = 1_000;

/** Reads the log for the history. An outage of the store is no fault of an event, so attempts are unlimited. */
export class HistoryConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: EventLog,
    private readonly history: IndexHistory,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.eventLog.consume(
      { name: 'history', filter: ['*.>'], order: 'none', parallel: CREDIT, attempts: 'unlimited', start: 'first' },
      (event, delivery) => this.history.index(event, delivery),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }
}
