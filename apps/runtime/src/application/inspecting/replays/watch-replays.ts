import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { replayMissing, stopped, type ReplayJob } from '../../../domain/replays/replay-job';
import type { Announcements } from '../announcements';
import { pageOf, timeKey, type PageRequest } from '../cursors';
import type { ReplayJobs } from './replay-jobs';

export type { ReplayJob } from '../../../domain/replays/replay-job';

export interface WatchReplaysParts {
  readonly jobs: ReplayJobs;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
  readonly clock: Clock;
}

/** Shows how far replays are, and stops them. */
export class WatchReplays {
  constructor(private readonly parts: WatchReplaysParts) {}

  /** Newest first. */
  async list(context: CallContext, workspace: string, page: PageRequest): Promise<Page<ReplayJob>> {
    const { jobs } = this.parts;
    const workspaceId = await this.admit(context, workspace);
    const all = await jobs.list(workspaceId);
    const keyOf = ({ createdAt, id }: ReplayJob): string => timeKey(createdAt, id);
    return pageOf(all, { ...page, order: 'descending', keyOf });
  }

  /** Refuses with `runtime.replay_not_found`. */
  async get(context: CallContext, workspace: string, id: string): Promise<ReplayJob> {
    return this.parts.jobs.get(await this.admit(context, workspace), id);
  }

  /** Begins no more runs; those begun go on. Refuses with `runtime.replay_not_found`, `runtime.replay_ended`. */
  async cancel(context: CallContext, workspace: string, id: string): Promise<void> {
    const { jobs, clock, announcements } = this.parts;
    const workspaceId = await this.admit(context, workspace);
    const { begun, matched } = await jobs.change(workspaceId, id, (job) => {
      if (job === undefined) throw replayMissing(id);
      return stopped(job, clock.now());
    });
    await announcements.tell(context, workspaceId, 'runtime.replays.cancelled', { replay: id, begun, matched });
  }

  private async admit(context: CallContext, workspace: string): Promise<string> {
    return (await this.parts.rights.require(context, workspace, 'replay', 'runs')).id;
  }
}
