/** Types of a service whose names begin alike. */
const under = (first: string, ...rest: readonly string[]): readonly string[] => rest.map((each) => `${first}.${each}`);

/**
 * The events that make up the audit: who changed what a workspace is, who may do what in it, what it hides and what it runs, who came in and
 * who was refused. Patterns; a `*` stands for the service.
 */
export const AUDITED: readonly string[] = [
  ...under('gateway', 'sessions.opened', 'sessions.refused', 'sessions.closed', 'requests.refused', 'users.deleted'),
  ...under(
    'workspaces',
    'created',
    'entered',
    'updated',
    'configured',
    'suspended',
    'resumed',
    'deleted',
    'restored',
    'duplicated',
    'imported',
    'purged',
    'transfers.offered',
    'transfers.withdrawn',
    'transferred',
  ),
  ...under('workspaces', 'quotas.changed', 'versions.published', 'versions.activated', 'versions.deleted'),
  ...under('workspaces', 'members.invited', 'members.joined', 'members.changed', 'members.left', 'roles.changed', 'roles.deleted'),
  ...under('workspaces', 'shares.created', 'shares.deleted'),
  ...under('workspaces', 'secrets.set', 'secrets.deleted', 'keys.created', 'keys.changed', 'keys.rotated', 'keys.revoked'),
  ...under('workspaces', 'tokens.created', 'tokens.revoked'),
  ...under('apps', 'installed', 'upgraded', 'removed', 'published', 'updated', 'deprecated', 'withdrawn'),
  ...under('events', 'connections.closed', 'platform.searched', 'rebuilds.begun', 'exports.finished', 'retention.changed', 'erased'),
  ...under(
    'runtime',
    'permissions.refused',
    'egress.refused',
    'runs.cancelled',
    'runs.deleted',
    'dead-letters.redriven',
    'dead-letters.discarded',
    'approvals.answered',
  ),
  ...under('*', 'users.erased', 'workspaces.purged', 'heap.dumped'),
];
