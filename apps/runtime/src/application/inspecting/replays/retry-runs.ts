import type { WorkspaceRights } from '@millrace/auth';
import type { HistoryMark } from '@millrace/history';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { RunFilter } from '../../../domain/inspecting/run-filter';
import { tooManyRuns, type ReplayJob, type ReplayTerms } from '../../../domain/replays/replay-job';
import type { Announcements } from '../announcements';
import type { EndedRun, EndedRuns } from '../runs/ended-runs';
import type { FindRun } from '../runs/find-run';
import { amongPermitted, demandRun } from '../runs/permitted-runs';
import type { ReplayJobs } from './replay-jobs';
import type { WorkOffReplays } from './work-off-replays';

/** Which runs: those named, or those that have ended and fit. */
export type RunChoice = { readonly runs: readonly string[] } | { readonly filter: RunFilter };

export interface RetryRunsParts {
  readonly find: Pick<FindRun, 'ended'>;
  readonly ended: Pick<EndedRuns, 'count' | 'search'>;
  readonly jobs: ReplayJobs;
  readonly workOff: Pick<WorkOffReplays, 'arm'>;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** How many runs fitted, and the job that begins them again: none when only counted, or when nothing fitted. */
export interface Retried {
  readonly matched: number;
  readonly job?: ReplayJob;
}

/** Runs that one replay takes. */
const MOST = 10_000;
const PAGE = 200;

/** Begins many runs again, the longest ended first, as a job. */
export class RetryRuns {
  constructor(private readonly parts: RetryRunsParts) {}

  /**
   * The job is durable when it resolves; the runs it is for are those that fit now. Refuses with `runtime.run_not_found` and
   * `runtime.run_goes_on` when one that is named is not there or has not ended, with `runtime.replay_too_large`. `dryRun`: counts only.
   */
  async run(
    context: CallContext,
    workspace: string,
    choice: RunChoice,
    { dryRun, ...terms }: ReplayTerms & { readonly dryRun: boolean },
  ): Promise<Retried> {
    const { rights, ended } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'replay', 'runs');
    const wanted = 'filter' in choice ? { filter: amongPermitted(choice.filter, permission) } : choice;
    if (dryRun && 'filter' in wanted) return { matched: await ended.count(workspaceId, wanted.filter) };
    const reading = await rights.granted(context, workspace, 'read', 'runs');
    const demand = ({ view }: EndedRun): void => demandRun(permission, reading.permission, view);
    const runs = 'runs' in wanted ? await this.named(workspaceId, wanted.runs, demand) : await this.fitting(workspaceId, wanted.filter);
    const matched = runs.length;
    return dryRun || matched === 0 ? { matched } : { matched, job: await this.begin(context, workspaceId, runs, terms) };
  }

  private async named(workspaceId: string, runs: readonly string[], demand: (run: EndedRun) => void): Promise<readonly string[]> {
    for (const run of runs) demand(await this.parts.find.ended(workspaceId, run));
    return runs;
  }

  private async fitting(workspaceId: string, filter: RunFilter): Promise<readonly string[]> {
    const runs: string[] = [];
    let after: HistoryMark | undefined;
    do {
      const { items, next } = await this.parts.ended.search(workspaceId, filter, {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      runs.push(...items.map(({ view }) => view.id));
      if (runs.length > MOST) throw tooManyRuns(MOST);
      after = next;
    } while (after !== undefined);
    return runs.toReversed();
  }

  private async begin(context: CallContext, workspaceId: string, runs: readonly string[], terms: ReplayTerms): Promise<ReplayJob> {
    const { ids, clock, jobs, workOff, announcements } = this.parts;
    const { kind, id, onBehalfOf } = context.principal;
    const now = clock.now();
    const job: ReplayJob = {
      ...{ id: ids.mint('rpl'), workspaceId, state: 'running', ...terms, matched: runs.length, begun: 0, failed: 0, problems: [] },
      by: { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
      ...{ correlationId: context.correlationId, createdAt: now, due: now, unsure: false },
    };
    await jobs.add(job, runs);
    await workOff.arm(job);
    await announcements.tell(context, workspaceId, 'runtime.replays.created', { replay: job.id, matched: job.matched, rate: job.rate });
    return job;
  }
}
