import type { WorkspaceRights } from '@millrace/auth';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { runEnded } from '../../../domain/inspecting/refusals';
import { fitting, type RunFilter } from '../../../domain/inspecting/run-filter';
import type { Run } from '../../../domain/run';
import { Fenced } from '../../execution/keeping/run-store';
import type { Rest } from '../../execution/put-down';
import type { Runs } from '../../execution/runs';
import type { Announcements } from '../announcements';
import type { FindRun } from './find-run';
import type { LiveRuns } from './live-runs';
import { amongPermitted, demandRun, viewOfFound } from './permitted-runs';

export interface CancelRunsParts {
  readonly find: FindRun;
  readonly live: Pick<LiveRuns, 'each'>;
  readonly runs: Pick<Runs, 'cancel'>;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
  readonly clock: Clock;
}

/** How many runs fitted, and how many of them had not ended when it came to it. */
export interface CancelCounts {
  readonly matched: number;
  readonly cancelled: number;
}

/** Runs cancelled at once. */
const PARALLEL = 16;
/** Runs that one call cancels. */
const MOST = 10_000;

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

  /**
   * Those that go on and fit, of those that had started when this was asked: at most 10,000 of them, in no order. `dryRun`: counts only.
   */
  async all(
    context: CallContext,
    workspace: string,
    filter: RunFilter,
    { reason, dryRun }: { readonly reason: string; readonly dryRun: boolean },
  ): Promise<CancelCounts> {
    const { rights, live, clock } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'cancel', 'runs');
    const asked = clock.now();
    const matched = new Set<string>();
    const found = live.each(workspaceId, fitting(amongPermitted(filter, permission)));
    let [begun, cancelled] = [0, 0];
    const work = async (): Promise<void> => {
      for await (const { run } of shared(found)) {
        if (matched.has(run.id) || run.startedAt > asked) continue;
        matched.add(run.id);
        if (!dryRun && ++begun <= MOST && (await this.cancel(context, run, reason))) cancelled += 1;
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return { matched: matched.size, cancelled };
  }

  private async cancel(context: CallContext, run: Run, reason: string): Promise<boolean> {
    const { id, workspaceId, slug } = run;
    const { kind, id: who } = context.principal;
    const by = reason === '' ? `Cancelled by ${kind} ${who}.` : reason;
    if (!(await this.ends(run, by))) return false;
    await this.parts.announcements.tell(context, workspaceId, 'runtime.runs.cancelled', { run: id, automation: slug, reason: by });
    return true;
  }

  /** Resolves when the run has ended; when somebody else has taken it meanwhile, it is taken on once more. Rejects when it cannot be ended now. */
  private async ends(run: Run, by: string): Promise<boolean> {
    for (;;) {
      const driver = await this.parts.runs.cancel(run, by);
      if (driver === undefined) return false;
      const rest = await driver.rest.catch((error: unknown) => {
        if (!(error instanceof Fenced)) throw error;
      });
      if (rest !== undefined) return isCancelled(rest);
    }
  }
}

/** Whether the run ended because somebody wanted it to: what it had taken in before may have ended it first. */
function isCancelled(rest: Rest): boolean {
  return rest.kind === 'ended' && 'cancelled' in rest.ended;
}

/** The rest of what others take from, too: whoever comes first has the next one. */
function shared<T>(items: AsyncGenerator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => ({ next: () => items.next() }) };
}
