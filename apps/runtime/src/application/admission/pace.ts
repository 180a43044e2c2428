import type { Alarms, Clock } from '@millrace/kernel';
import { Allowance, type Rate } from '../../domain/admission/allowance';

interface Lane {
  readonly allowance: Allowance;
  waiting: number;
}

/** Lets each workspace do one thing so often: what is more waits for its turn, in the order in which it came, and is never refused. */
export class Pace {
  /** Those used last at the end. */
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly rate: Rate,
    private readonly time: { readonly clock: Clock; readonly alarms: Alarms },
  ) {}

  /**
   * Takes the next turn of a workspace, or as many as are named. Undefined: they are now. Else resolves when the last of them has come, or
   * `signal` is aborted; never rejects.
   */
  turn(workspaceId: string, signal: AbortSignal, times = 1): Promise<void> | undefined {
    const now = this.time.clock.now();
    const lane = this.laneOf(workspaceId, now);
    // While turns are given ahead their times stand; else a clock that was put back is taken in.
    const isReady = lane.waiting === 0 && lane.allowance.isReady(now);
    lane.allowance.spend(now, times);
    const { settledAt } = lane.allowance;
    return isReady && settledAt <= now ? undefined : this.wait(lane, settledAt, signal);
  }

  private async wait(lane: Lane, at: number, signal: AbortSignal): Promise<void> {
    lane.waiting++;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const come = (): void => resolve(undefined);
    const stop = this.time.alarms.set(at, come);
    signal.addEventListener('abort', come, { once: true });
    if (signal.aborted) come();
    await promise;
    stop();
    signal.removeEventListener('abort', come);
    lane.waiting--;
  }

  private laneOf(workspaceId: string, now: number): Lane {
    const lane = this.lanes.get(workspaceId) ?? { allowance: new Allowance(this.rate), waiting: 0 };
    this.lanes.delete(workspaceId);
    for (const [idle, { allowance, waiting }] of this.lanes) {
      if (waiting > 0 || !allowance.isWhole(now)) break;
      this.lanes.delete(idle);
    }
    this.lanes.set(workspaceId, lane);
    return lane;
  }
}
