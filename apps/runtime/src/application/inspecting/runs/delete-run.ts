import type { WorkspaceRights } from '@millrace/auth';
import type { Blobs } from '@millrace/blobs';
import type { History } from '@millrace/history';
import { DomainError, type Ids } from '@millrace/kernel';
import type { CallContext, EventLog, LoggedEvent, Position } from '@millrace/messaging';
import { runUnsettled } from '../../../domain/inspecting/refusals';
import { fetchedBy } from '../../../domain/run';
import type { Announcements } from '../announcements';
import type { FindRun } from './find-run';
import type { LiveRuns } from './live-runs';
import { demandRun } from './permitted-runs';

export interface DeleteRunParts {
  readonly find: Pick<FindRun, 'ended'>;
  readonly live: Pick<LiveRuns, 'find'>;
  readonly history: Pick<History, 'get' | 'remove'>;
  readonly eventLog: Pick<EventLog, 'remove'>;
  readonly blobs: Pick<Blobs, 'list' | 'remove'>;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
  readonly ids: Ids;
}

const FILES_AT_ONCE = 200;

/**
 * Deletes what is kept of a run that has ended: its record, in history and on the log, and the files it fetched. What the run told stays, and so
 * does for its 24 h the answer of an endpoint: whoever sends the same request again must not have it done again.
 */
export class DeleteRun {
  constructor(private readonly parts: DeleteRunParts) {}

  /**
   * Resolves when it is gone for good. Refuses with `runtime.run_not_found`, `runtime.run_goes_on`, and with `runtime.run_unsettled` as long as
   * somebody may still write the record.
   */
  async run(context: CallContext, workspace: string, run: string): Promise<void> {
    const { rights, find, history, announcements, ids } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'delete', 'runs');
    const { event, record, view } = await find.ended(workspaceId, run);
    demandRun(permission, (await rights.granted(context, workspace, 'read', 'runs')).permission, view);
    if (!(await this.isSettled(event, run))) throw runUnsettled(run);
    // Told first, so that nothing goes unsaid; who is cut off after that deletes again, and it is told once.
    const payload = { run, automation: record.automation };
    await announcements.tell(context, workspaceId, 'runtime.runs.deleted', payload, { id: ids.derive('evt', run, 'deleted') });
    await this.removeFiles(fetchedBy({ workspaceId, id: run }));
    await this.erase(event.position);
    // Last: by this the run is found.
    await history.remove(workspaceId, [event.id]);
  }

  /** Whether nobody has the record in hand any more: neither who ends the run nor who makes events findable. */
  private async isSettled({ workspaceId, id, keep }: LoggedEvent, run: string): Promise<boolean> {
    const { live, history } = this.parts;
    if ((await live.find(workspaceId, run)) !== undefined) return false;
    return keep === 'log' || (await history.get(workspaceId, id)) !== undefined;
  }

  private async removeFiles(prefix: string): Promise<void> {
    const { blobs } = this.parts;
    for (let after: string | undefined; ;) {
      const files = await blobs.list(prefix, FILES_AT_ONCE, after);
      for (const file of files) await blobs.remove(file);
      after = files.at(-1);
      if (after === undefined) return;
    }
  }

  private async erase(position: Position): Promise<void> {
    try {
      await this.parts.eventLog.remove([position]);
    } catch (error) {
      // History has outlived the log that the record was on.
      if (!(error instanceof DomainError) || error.code !== 'log.epoch_changed') throw error;
    }
  }
}
