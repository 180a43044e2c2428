import type { LoggedEvent } from '@millrace/messaging';
import { Removals, type Counts, type RemovalParts } from './removals';

export interface WorkspacePurgesParts extends RemovalParts {
  /** Removes what the service keeps of the workspace; answers how many of what. Done again when anything went wrong, so it must bear that. */
  readonly purge: (workspaceId: string, event: LoggedEvent) => Promise<Counts>;
}

/**
 * What every service that keeps something of workspaces does when one is gone for good (`workspaces.purged`): it removes that, and says so by
 * `<service>.workspaces.purged {workspace, counts}` on the log, among the events of the platform. A service that was away does so when it is back.
 */
export class WorkspacePurges extends Removals {
  constructor({ purge, ...parts }: WorkspacePurgesParts) {
    super(parts, {
      durable: 'purges',
      filter: '*.workspaces.purged',
      told: 'workspaces.purged',
      of: ({ workspaceId }) => workspaceId,
      remove: purge,
      payload: (workspace, counts) => ({ workspace, counts }),
    });
  }
}
