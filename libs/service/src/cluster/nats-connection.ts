import type { NatsWireOptions } from '@millrace/messaging';
import type { ClusterSettings } from './cluster-settings';

/** How to reach the NATS servers as the user of a service. `name` tells connections apart for whoever looks at a server. */
export function natsConnection({ natsUrl, natsUser, natsPassword }: ClusterSettings, name: string): NatsWireOptions['connection'] {
  return {
    servers: [...natsUrl],
    name,
    // A user hears no inboxes but its own.
    ...(natsUser !== undefined && { user: natsUser, inboxPrefix: `_INBOX_${natsUser}` }),
    ...(natsPassword !== undefined && { pass: natsPassword }),
  };
}
