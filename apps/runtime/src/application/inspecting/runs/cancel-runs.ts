import type { WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import { runEnded } from '../../../domain/inspecting/refusals';
import { fitting, type RunFilter } from '../../../domain/inspecting/run-filter';
import type { Run } from '../../../domain/run';
import type { Runs } from '../../execution/runs';
import type { Announcements } from '../announcements';
import type { FindRun } from './find-run';
import type { LiveRuns } from './live-runs';
import { amongPermitted, demandRun, viewOfFound } from './permitted-runs';

export interface CancelRunsParts {
  readonly find: FindRun;
  readonly live: LiveRuns;
  readonly runs: Runs;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
}

/** How many runs fitted, and how many of them had not ended when it came to it. */
export interface CancelCounts {
  readonly matched: number;
  readonly cancelled: number;
}

/** Runs cancelled at once. */
const PARALLEL = 16;

/** Ends runs because somebody says so. */
export class CancelRuns {
  constructor(private readonly parts: CancelRunsParts) {}

  /** Refuses with `runtime.run_not_found`, `runtime.run_ended`. `reason`: empty for none. */
  async one(context: CallContext, workspace: string, id: string, reason: string): Promise<void> {
    const { rights, find } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'cancel', 'runs');
    const found = await find.run(workspaceId, id);
    const reading = await rights.granted(context, workspace, 'read', 'runs');
    demandRun(permission, reading.permission, viewOfFound(found));
    if ('ended' in found || !(await this.cancel(context, found.live.run, reason))) throw runEnded(id);
  }

  /** Those that go on and fit. `dryRun`: counts only. */
  async all(
    context: CallContext,
    workspace: string,
    filter: RunFilter,
    { reason, dryRun }: { readonly reason: string; readonly dryRun: boolean },
  ): Promise<CancelCounts> {
    const { rights, live } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'cancel', 'runs');
    const matched = new Map<string, Run>();
    for await (const { run } of live.each(workspaceId, fitting(amongPermitted(filter, permission)))) matched.set(run.id, run);
    const left = dryRun ? [] : [...matched.values()];
    let cancelled = 0;
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) if (await this.cancel(context, next, reason)) cancelled += 1;
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return { matched: matched.size, cancelled };
  }

  private async cancel(context: CallContext, run: Run, reason: string): Promise<boolean> {
    const { id, workspaceId, slug } = run;
    const { kind, id: who } = context.principal;
    const by = reason === '' ? `Cancelled by ${kind} ${who}.` : reason;
    if (!(await this.parts.runs.cancel(run, by))) return false;
    await this.parts.announcements.tell(context, workspaceId, 'runtime.runs.cancelled', { run: id, automation: slug, reason: by });
    return true;
  }
}
