import type { Blobs } from '@millrace/blobs';
import type { Documents, OutboxRelay } from '@millrace/documents';
import type { History } from '@millrace/history';
import type { Clock, Ids } from '@millrace/kernel';
import type { Bus, EventLog, KeyValue, Passports, Wire } from '@millrace/messaging';
import type { Health, LevelledLog, Metrics } from '@millrace/observability';

/**
 * What the services stand on. The local platform holds everything in one process and one folder, the cluster platform in servers; no
 * service can tell which.
 */
export interface Platform {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly eventLog: EventLog;
  readonly keyValue: KeyValue;
  readonly blobs: Blobs;
  readonly history: History;
  /** A connection of its own for a service. */
  connect(service: string): Promise<Wire>;
  /** A service's own documents; no other service can open them. */
  documents(service: string): Promise<ServiceDocuments>;
  /** The log of a service. */
  log(service: string): LevelledLog;
  close(): Promise<void>;
}

/** Documents with the relay that carries their events to the log. */
export interface ServiceDocuments {
  readonly documents: Documents;
  readonly outbox: OutboxRelay;
}

/** What one service is given at its start. */
export interface ServiceParts extends ServiceDocuments {
  readonly name: string;
  readonly platform: Platform;
  readonly wire: Wire;
  readonly bus: Bus;
  readonly passports: Passports;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: LevelledLog;
  readonly metrics: Metrics;
  readonly health: Health;
}
