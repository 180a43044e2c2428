import type { Documents } from '@millrace/documents';
import type { EventLog } from '@millrace/messaging';
import type { Metrics } from '@millrace/observability';
import type { Platform, WatchedDependency } from '../platform';
import { MeasuredEventLog } from './measured-event-log';

/** A platform whose log counts what one service does with it. What the service does not use of it stays unopened. */
export function measuredPlatform(platform: Platform, metrics: Metrics): Platform {
  const { clock, ids, keyValue, nearServers } = platform;
  let log: EventLog | undefined;
  return {
    clock,
    ids,
    keyValue,
    nearServers,
    get eventLog() {
      log ??= new MeasuredEventLog(platform.eventLog, metrics, clock);
      return log;
    },
    get history() {
      return platform.history;
    },
    get blobs() {
      return platform.blobs;
    },
    connect: (service) => platform.connect(service),
    documents: (service) => platform.documents(service),
    scratch: (service) => platform.scratch(service),
    log: (service) => platform.log(service),
    dependencies: (service) => platform.dependencies(service),
    close: () => platform.close(),
  };
}

/** Tells how long what a service has written waits to be on the log. */
export function measureOutbox({ outbox }: Documents, { clock }: Pick<Platform, 'clock'>, metrics: Metrics): void {
  metrics.observed(
    'outbox_lag_seconds',
    'Age of the oldest event that is written and not yet on the log; 0: all are.',
    [],
    async (gauge) => {
      const [oldest] = await outbox.pending(1);
      gauge.set(oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest.event.time) / 1000));
    },
  );
}

/** Tells what the servers of the log were set up to be. */
export function measureCapabilities(dependencies: () => readonly WatchedDependency[], metrics: Metrics): void {
  metrics.observed(
    'log_capability',
    'What the log was set up to be: 1 yes, 0 no, or how many. None of a log in a file.',
    ['name'],
    (gauge) => {
      const found = dependencies().flatMap(({ capabilities = {} }) => Object.entries(capabilities));
      for (const [name, value] of found)
        gauge.set({ name: typeof value === 'string' ? `${name}_${value}` : name }, typeof value === 'string' ? 1 : Number(value));
    },
  );
}
