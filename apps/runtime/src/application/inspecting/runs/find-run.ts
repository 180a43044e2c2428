import { runGoesOn, runMissing } from '../../../domain/inspecting/refusals';
import type { LiveRun } from '../../../domain/inspecting/run-view';
import type { EndedRun, EndedRuns } from './ended-runs';
import type { LiveRuns } from './live-runs';

/** A run wherever it is. */
export type FoundRun = { readonly live: LiveRun } | { readonly ended: EndedRun };

/** Finds a run of a workspace, whether it goes on or has ended. */
export class FindRun {
  constructor(
    private readonly live: LiveRuns,
    private readonly endedRuns: EndedRuns,
  ) {}

  /** Refuses with `runtime.run_not_found`. */
  async run(workspaceId: string, id: string): Promise<FoundRun> {
    const live = await this.live.find(workspaceId, id);
    if (live?.resting === false) return { live };
    const ended = await this.endedRuns.find(workspaceId, id);
    if (ended !== undefined) return { ended };
    if (live === undefined) throw runMissing(id);
    return { live };
  }

  /** Whether the run goes on or is kept. */
  async has(workspaceId: string, id: string): Promise<boolean> {
    return (await this.live.find(workspaceId, id)) !== undefined || (await this.endedRuns.find(workspaceId, id)) !== undefined;
  }

  /** What is kept of a run that has ended. Refuses with `runtime.run_not_found`, `runtime.run_goes_on`. */
  async ended(workspaceId: string, id: string): Promise<EndedRun> {
    const found = await this.run(workspaceId, id);
    if ('live' in found) throw runGoesOn(id);
    return found.ended;
  }
}
