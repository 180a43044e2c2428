import type { WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import type { ActiveRecords } from './ports/active-records';
import type { RuntimeInstance, Runtimes } from './ports/runtimes';

/** What an instance runs of a workspace. */
export interface RolloutInstance extends Omit<RuntimeInstance, 'seen'> {
  /** Undefined while it is behind, and where nothing runs. */
  readonly digest?: string;
  readonly behind: boolean;
}

/** How far the version that is to run has come. */
export interface Rollout {
  readonly version?: string;
  readonly digest?: string;
  readonly settled: boolean;
  readonly instances: readonly RolloutInstance[];
}

export interface ShowRolloutParts {
  readonly rights: WorkspaceRights;
  readonly records: ActiveRecords;
  readonly runtimes: Runtimes;
}

/** Shows which runtime runs which version of a workspace. */
export class ShowRollout {
  constructor(private readonly parts: ShowRolloutParts) {}

  async run(context: CallContext, workspace: string): Promise<Rollout> {
    const { rights, records, runtimes } = this.parts;
    const { id } = await rights.require(context, workspace, 'read', 'automations');
    const record = await records.current(id);
    const instances = (await runtimes.list()).map(({ seen, ...instance }): RolloutInstance => {
      const behind = record !== undefined && seen < record.revision;
      return { ...instance, behind, ...(record === undefined || behind ? {} : { digest: record.digest }) };
    });
    const settled = instances.length > 0 && instances.every(({ behind }) => !behind);
    return { settled, instances, ...(record === undefined ? {} : { version: record.version, digest: record.digest }) };
  }
}
