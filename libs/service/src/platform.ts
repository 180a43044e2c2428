import type { Blobs } from '@millrace/blobs';
import type { Documents, OutboxRelay } from '@millrace/documents';
import type { History } from '@millrace/history';
import type { Clock, Ids } from '@millrace/kernel';
import type { Bus, EventLog, KeyValue, Passports, Wire } from '@millrace/messaging';
import type { Capabilities, Health, HealthCheck, LevelledLog, Metrics, Surface } from '@millrace/observability';
import type { NearServers } from './near-servers';

/** What a service may use of a platform, besides the wire and key-value, which each one needs. */
export type Need = 'eventLog' | 'documents' | 'history' | 'blobs';

/** A server, or a file of this machine, that the platform stands on, and how to see whether it answers. */
export interface WatchedDependency {
  readonly name: string;
  /** Throws with the reason when it cannot be used. */
  readonly check: HealthCheck;
  /** Whether a service is ready only with it. */
  readonly essential: boolean;
  /** What it was set up to be, where that differs from place to place. */
  readonly capabilities?: Capabilities;
}

/**
 * What the services stand on. The local platform holds everything in one process and one folder, the cluster platform in servers; no
 * service can tell which. What no service of the process needs is not opened on the cluster platform, and reading it is a fault.
 */
export interface Platform {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly eventLog: EventLog;
  readonly keyValue: KeyValue;
  readonly blobs: Blobs;
  readonly history: History;
  /** What in this process takes connections that others have received. */
  readonly nearServers: NearServers;
  /** A connection of its own for a service. */
  connect(service: string): Promise<Wire>;
  /** A service's own documents; no other service can open them. */
  documents(service: string): Promise<ServiceDocuments>;
  /**
   * A folder of this machine for what a service can get again: it may be new, or empty, at each start, and belong to several processes of
   * the service at a time. Whoever uses it makes it, and does without when that fails.
   */
  scratch(service: string): string;
  /** The log of a service. */
  log(service: string): LevelledLog;
  /** What a service stands on here, as far as it is opened by now. */
  dependencies(service: string): readonly WatchedDependency[];
  close(): Promise<void>;
}

/** Documents with the relay that carries their events to the log. */
export interface ServiceDocuments {
  readonly documents: Documents;
  readonly outbox: OutboxRelay;
}

/** What one service is given at its start. */
export interface ServiceParts {
  readonly name: string;
  /** Its own; every use is a fault for a service that does not name them among its needs. */
  readonly documents: Documents;
  /** What carries the events of its documents to the log; absent without documents. */
  readonly outbox?: OutboxRelay;
  readonly platform: Platform;
  readonly wire: Wire;
  readonly bus: Bus;
  readonly passports: Passports;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: LevelledLog;
  readonly metrics: Metrics;
  readonly health: Health;
  /** What it answers: for operators to see. */
  readonly surface: Surface;
}
