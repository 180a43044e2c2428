import { runMissing } from '../../../domain/inspecting/refusals';
import type { LiveRun } from '../../../domain/inspecting/run-view';
import type { EndedRun, EndedRuns } from './ended-runs';
import type { LiveRuns } from './live-runs';

/** A run wherever it is. */
export type FoundRun = { readonly live: LiveRun } | { readonly ended: EndedRun };

/** Finds a run of a workspace, whether it goes on or has ended. */
export class FindRun {
  constructor(
    private readonly live: LiveRuns,
    private readonly ended: EndedRuns,
  ) {}

  /** Refuses with `runtime.run_not_found`. */
  async run(workspaceId: string, id: string): Promise<FoundRun> {
    const live = await this.live.find(workspaceId, id);
    if (live?.resting === false) return { live };
    const ended = await this.ended.find(workspaceId, id);
    if (ended !== undefined) return { ended };
    if (live === undefined) throw runMissing(id);
    return { live };
  }
}
