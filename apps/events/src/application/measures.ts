import type { Metrics } from '@millrace/observability';

/** Everything the service counts and times. */
export class Measures {
  readonly refused;
  readonly bulkSeconds;
  readonly indexed;
  readonly searchableSeconds;
  readonly querySeconds;
  readonly connections;
  readonly subscriptions;
  readonly deliveries;
  readonly deliverySeconds;
  readonly behind;
  readonly closed;
  readonly resumes;
  readonly revocationSeconds;
  readonly liveRefused;

  constructor(metrics: Metrics) {
    this.refused = metrics.counter('door_refused_total', 'Batches that the door refused.', ['code']);
    this.bulkSeconds = metrics.seconds('history_bulk_seconds', 'How long the store took for a bulk.');
    this.indexed = metrics.counter('history_items_total', 'Events handed to the store.', ['result']);
    this.searchableSeconds = metrics.seconds('history_searchable_seconds', 'From the acceptance of an event until it can be found.');
    this.querySeconds = metrics.seconds('history_query_seconds', 'How long a question to the history took.', ['kind']);
    this.connections = metrics.gauge('live_connections', 'Open connections.', ['transport']);
    this.subscriptions = metrics.gauge('live_subscriptions', 'Subscriptions in force.');
    this.deliveries = metrics.counter('live_deliveries_total', 'Deliveries written.');
    this.deliverySeconds = metrics.seconds(
      'live_delivery_seconds',
      'From the acceptance of an event until it was written to those who follow.',
    );
    this.behind = metrics.gauge('live_behind', 'Receivers that take more slowly than events happen.');
    this.closed = metrics.counter('live_closed_total', 'Connections that ended.', ['reason']);
    this.liveRefused = metrics.counter('live_refused_total', 'Connections and subscriptions refused because there are so many already.', [
      'code',
    ]);
    this.revocationSeconds = metrics.seconds(
      'live_revocation_seconds',
      'From a change that takes rights away until a receiver that is concerned was told or let go.',
    );
    this.resumes = metrics.counter('live_resumes_total', 'Subscriptions that went on from a position.', ['result']);
  }
}
