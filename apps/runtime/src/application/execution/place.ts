import { DomainError, type Alarms, type Clock } from '@millrace/kernel';
import type { Ended, Signal } from '@millrace/language';
import { runKey, type Run } from '../../domain/run';
import type { Admission } from '../admission/admission';
import { endedBy, timedOut, TURNED_AWAY } from './early-ends';

export interface PlaceParts {
  readonly admission: Admission;
  readonly clock: Clock;
  readonly alarms: Alarms;
}

/** The place of one run among those that this process has in hand, from the wait for it on. */
export class Place {
  private readonly giveUp = new AbortController();
  private isTaken = false;
  private ending: Signal | undefined;
  private release = (): void => undefined;

  constructor(private readonly parts: PlaceParts) {}

  /**
   * Waits for the place. Answers how the run ends when it is not to have one: it is turned away, or its time is over, or somebody does not
   * want it any more. Rejects with `runtime.stopping` when it was given back.
   */
  async take(run: Run, resumed: boolean): Promise<Ended | undefined> {
    const { alarms, admission, clock } = this.parts;
    const { workspaceId, slug, priority, gate, deadline } = run;
    const stop = alarms.set(deadline, () => this.end(timedOut(clock.now())));
    const concurrency = gate === undefined ? {} : { concurrency: gate };
    try {
      const { signal } = this.giveUp;
      const admitted = await admission.enter({ run: runKey(run), workspaceId, slug, priority, resumed, signal, ...concurrency });
      if (admitted.kind !== 'admitted') return TURNED_AWAY[admitted.kind];
      this.release = admitted.release;
      this.isTaken = true;
      return undefined;
    } catch (error) {
      if (this.ending === undefined) throw error;
      return endedBy(this.ending);
    } finally {
      stop();
    }
  }

  /** Ends a run that waits for its place; nothing once it has it. */
  end(signal: Signal): void {
    if (this.isTaken) return;
    this.ending ??= signal;
    this.giveUp.abort(new Error('The run is over.'));
  }

  /** Waits no more: somebody else is to have the run. Nothing once it has its place. */
  giveBack(): void {
    this.giveUp.abort(new DomainError('runtime.stopping', 'unavailable', 'The runtime is being stopped. Try again in a few seconds.'));
  }

  /** Lets go of the place. */
  leave(): void {
    this.release();
  }
}
