/**
 * What can be done to a cluster: one process of a service is killed, the NATS server is, a runtime stands still for a while, or Elasticsearch is
 * away for one; and to one process that is all of it: it is killed, or its disk is full for a while.
 */
export const HARMS = { cluster: ['runtime', 'events', 'gateway', 'workspaces', 'nats', 'pause', 'history'], local: ['kill', 'disk'] };
