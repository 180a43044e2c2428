import type { Alarms, Clock } from '@millrace/kernel';
import type { Pace } from '../../admission/pace';
import type { Mailbox } from '../mailbox';
import type { Progress } from '../keeping/progress';
import { LEASE, type Release } from '../keeping/release';

export interface StandBackParts {
  /** How often runs of one workspace emit, and begin passes of loops. */
  readonly paces: { readonly emits: Pace; readonly passes: Pace };
  readonly release: Release;
  readonly alarms: Alarms;
  readonly clock: Clock;
}

/** What a turn did of which a workspace may do so much in a second. */
export interface Done {
  readonly emits: number;
  readonly passes: number;
}

/** Has one run stand back after a turn in which it did more than its workspace may at once, until it may. Kept all the while, if it was or is to be. */
export class StandBack {
  private readonly patience = new AbortController();
  private ask = (): void => undefined;

  constructor(
    private readonly parts: StandBackParts,
    private readonly progress: Progress,
    private readonly mailbox: Mailbox,
  ) {
    mailbox.onKeep = () => this.ask();
  }

  /** The run is to end, or its time is over: it stands back no more. */
  end(): void {
    this.patience.abort();
  }

  /** Resolves when the run may go on; rejects as checkpoints do. To be called when what the turn did stands in what is kept of the run. */
  async after({ emits, passes }: Done, until: number): Promise<void> {
    const { paces, alarms } = this.parts;
    const { signal } = this.patience;
    const { workspaceId } = this.progress.run;
    const waits = [
      emits === 0 ? undefined : paces.emits.turn(workspaceId, signal, emits),
      passes === 0 ? undefined : paces.passes.turn(workspaceId, signal, passes),
    ].filter((wait) => wait !== undefined);
    if (waits.length === 0) return;
    const over = Promise.all(waits).then(() => true as const);
    const stop = alarms.set(until, () => this.end());
    try {
      if (this.mailbox.isToBeKept) await this.checkpoint();
      while (!(await Promise.race([over, this.asked()]))) await this.checkpoint();
    } finally {
      stop();
      this.ask();
    }
  }

  /** Resolves when somebody asks for the run to be kept, or its lease is to be renewed. */
  private asked(): Promise<false> {
    const { promise, resolve } = Promise.withResolvers<false>();
    const { revision, leasedUntil } = this.progress;
    const stop = revision === 0 ? () => undefined : this.parts.alarms.set(leasedUntil - (2 * LEASE) / 3, () => this.ask());
    this.ask = () => {
      stop();
      resolve(false);
    };
    return promise;
  }

  private async checkpoint(): Promise<void> {
    await this.parts.release.checkpoint(this.progress, () => this.mailbox.outcomes());
    this.mailbox.kept();
  }
}
