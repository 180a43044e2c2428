import type { Delivery, EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { IndexHistory } from '../../application/index-history';

/** Events in hand at once: the credit that the store is given. */
const CREDIT = 1_000;

/** Reads the log for the history. An outage of the store is no fault of an event, so attempts are unlimited. */
export class HistoryConsumer extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly history: IndexHistory,
  ) {
    super(eventLog, { name: 'history', filter: ['*.>'], order: 'none', parallel: CREDIT, start: 'first' });
  }

  protected hear(event: LoggedEvent, delivery: Delivery): Promise<Outcome> {
    return this.history.index(event, delivery);
  }
}
