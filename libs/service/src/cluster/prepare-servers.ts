import type { Clock } from '@millrace/kernel';
import { JetStreamEventLog, NatsKeyValue } from '@millrace/messaging';
import { LAST_BUCKET } from '../stores';
import type { ClusterSettings } from './cluster-settings';
import type { Dependencies } from './dependencies';
import { natsConnection } from './nats-connection';

/** The buckets of all services. Which service may do what with which is declared beside the permissions of the NATS users. */
export const BUCKETS = [
  ...[
    'active',
    'approvals',
    'configs',
    'contexts',
    'cursors',
    'egress',
    'erasures',
    'gatherings',
    'instances',
    'issuer',
    'limits',
    'rates',
    'rebuilds',
    'redrives',
    'replays',
    'results',
    'runs',
    'runtimes',
  ],
  ...[
    'idempotency',
    'leases',
    'origins',
    'retention',
    'revoked',
    'rights',
    'schedules',
    'services',
    'sessions',
    'slots',
    'timers',
    'vault',
    'waits',
  ],
] as const;

/** The user that prepares, and what the servers are to promise. */
interface Preparing extends ClusterSettings {
  readonly durability: 'safe' | 'fast';
  readonly logCapacity?: number | undefined;
}

/**
 * Makes the streams of the event log and all buckets, when this process was given the NATS user that may. The users of the services may
 * not: what one of them could make, it could also make otherwise than the others rely on.
 */
export async function prepareServers(dependencies: Dependencies, settings: Preparing, clock: Clock): Promise<void> {
  const { natsSetupUser, natsSetupPassword, durability, natsReplicas: replicas, natsMonitorUrl: monitor, logCapacity: capacity } = settings;
  if (natsSetupUser === undefined) return;
  const connection = natsConnection({ ...settings, natsUser: natsSetupUser, natsPassword: natsSetupPassword }, 'setup');
  await dependencies.reach({
    name: 'preparation of NATS',
    open: async () => {
      const log = await JetStreamEventLog.open({
        ...{ connection, clock, durability, replicas },
        ...(monitor !== undefined && { monitor }),
        ...(capacity !== undefined && { capacity }),
      });
      await log.close();
      const keyValue = await NatsKeyValue.connect({ connection, replicas });
      try {
        for (const bucket of [...BUCKETS, LAST_BUCKET]) await keyValue.bucket(bucket);
      } finally {
        await keyValue.close();
      }
    },
    close: () => Promise.resolve(),
  });
}
