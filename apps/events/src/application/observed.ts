import type { EventLog } from '@millrace/messaging';
import type { Metrics } from '@millrace/observability';
import type { LiveFeed } from './live/live-feed';

/** The durable that fills the history. */
const HISTORY = 'history';

export interface Observed {
  readonly eventLog: EventLog;
  readonly feed: LiveFeed;
}

/** What is looked at when somebody asks for the metrics: how far all who read the log are, be it that they do not run just now. */
export function observe(metrics: Metrics, { eventLog, feed }: Observed): void {
  metrics.observed('log_lag_events', 'Events that a durable has not done.', ['durable'], async (gauge) => {
    for (const { name, lag } of await eventLog.durables()) gauge.set({ durable: name }, lag);
  });
  metrics.observed('history_lag_events', 'Events on the log that the history does not have.', [], async (gauge) => {
    const standing = (await eventLog.durables()).find(({ name }) => name === HISTORY);
    gauge.set(standing?.lag ?? 0);
  });
  metrics.observed('live_groups', 'Groups of subscriptions that want the same.', [], (gauge) => gauge.set(feed.index.groups));
}
