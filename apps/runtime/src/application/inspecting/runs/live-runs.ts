import type { Checkpoint } from '../../../domain/checkpoint';
import type { LiveRun } from '../../../domain/inspecting/run-view';
import type { RunName } from '../../../domain/run';
import type { Driver } from '../../execution/driver';
import type { RunStore } from '../../execution/keeping/run-store';
import type { Runs } from '../../execution/runs';

/** The runs that have not ended: those in hand here as they stand, the others as they were last kept. */
export class LiveRuns {
  constructor(
    private readonly runs: Runs,
    private readonly store: RunStore,
  ) {}

  /** All of a workspace that fit, in no order and few at a time in memory; one may come twice. */
  async *each(workspaceId: string, fits: (live: LiveRun) => boolean): AsyncGenerator<LiveRun> {
    for (const run of this.runs.inHand()) {
      const driver = run.workspaceId === workspaceId ? this.runs.find(run.id) : undefined;
      const live = driver === undefined ? undefined : inHand(driver);
      if (live !== undefined && fits(live)) yield live;
    }
    for await (const checkpoint of this.store.each(workspaceId)) {
      const driver = this.runs.find(checkpoint.run.id);
      const live = driver === undefined ? kept(checkpoint) : inHand(driver);
      if (fits(live)) yield live;
    }
  }

  /** The run, if it goes on and is of this workspace. */
  async find(workspaceId: string, id: string): Promise<LiveRun | undefined> {
    const driver = this.runs.find(id);
    const live = driver === undefined ? await this.stored({ workspaceId, id }) : inHand(driver);
    return live?.run.workspaceId === workspaceId ? live : undefined;
  }

  private async stored(run: RunName): Promise<LiveRun | undefined> {
    const stored = await this.store.read(run);
    return stored === undefined ? undefined : kept(stored.checkpoint);
  }
}

function inHand(driver: Driver): LiveRun {
  return { run: driver.run, state: 'running', resting: driver.isResting, ...driver.look() };
}

function kept({ run, status, outstanding, steps, ended }: Checkpoint): LiveRun {
  return { run, state: status, outstanding, steps, resting: ended !== undefined };
}
