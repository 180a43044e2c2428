import type { Checkpoint } from '../../../domain/checkpoint';
import type { LiveRun } from '../../../domain/inspecting/run-view';
import type { Driver } from '../../execution/driver';
import type { RunStore } from '../../execution/keeping/run-store';
import type { Runs } from '../../execution/runs';

/** The runs that have not ended: those in hand here as they stand, the others as they were last kept. */
export class LiveRuns {
  constructor(
    private readonly runs: Runs,
    private readonly store: RunStore,
  ) {}

  /** All of a workspace. */
  async list(workspaceId: string): Promise<readonly LiveRun[]> {
    const found = new Map((await this.store.list()).map((checkpoint) => [checkpoint.run.id, kept(checkpoint)]));
    for (const { id } of this.runs.inHand()) {
      const driver = this.runs.find(id);
      if (driver !== undefined) found.set(id, inHand(driver));
    }
    return [...found.values()].filter(({ run }) => run.workspaceId === workspaceId);
  }

  /** The run, if it goes on and is of this workspace. */
  async find(workspaceId: string, id: string): Promise<LiveRun | undefined> {
    const driver = this.runs.find(id);
    const live = driver === undefined ? await this.stored(id) : inHand(driver);
    return live?.run.workspaceId === workspaceId ? live : undefined;
  }

  private async stored(id: string): Promise<LiveRun | undefined> {
    const stored = await this.store.read(id);
    return stored === undefined ? undefined : kept(stored.checkpoint);
  }
}

function inHand(driver: Driver): LiveRun {
  return { run: driver.run, state: 'running', resting: driver.isResting, ...driver.look() };
}

function kept({ run, status, outstanding, steps, ended }: Checkpoint): LiveRun {
  return { run, state: status, outstanding, steps, resting: ended !== undefined };
}
