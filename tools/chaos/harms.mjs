/** What can be done to a cluster: one process of a service is killed, the NATS server is, or a runtime stands still for a while. */
export const HARMS = ['runtime', 'events', 'gateway', 'workspaces', 'nats', 'pause'];
