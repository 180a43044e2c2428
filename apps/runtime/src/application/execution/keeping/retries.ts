import type { Ids, JsonMap } from '@millrace/kernel';
import type { Run } from '../../../domain/run';
import type { Timers } from '../../timers/timers';
import { Progress } from './progress';
import type { RunStore } from './run-store';

export interface RetriesParts {
  readonly store: RunStore;
  readonly timers: Timers;
  readonly ids: Ids;
}

/** Begins runs again that failed, as their automations say: later, as runs of their own. */
export class Retries {
  constructor(private readonly parts: RetriesParts) {}

  /** Puts the next attempt on its way, durably; the same one however often it is asked for. Nothing when it was the last. */
  async again(run: Run, locals: JsonMap | undefined): Promise<void> {
    const { retry } = run;
    if (retry === undefined || locals === undefined || retry.attempt >= retry.policy.attempts) return;
    const { store, timers } = this.parts;
    const next = this.next(run, retry);
    const due = await timers.setAhead(next.id, delayOf(retry));
    const progress = new Progress(next);
    progress.releasedAt(run.startedBy ?? '');
    Object.assign(progress, { locals, timer: due });
    await store.write({ ...progress.checkpoint({ status: 'parked' }), beginAt: due }, 0);
  }

  private next({ startedBy: _startedBy, gate, ...run }: Run, { attempt, policy }: NonNullable<Run['retry']>): Run {
    const id = this.parts.ids.derive('run', run.id, 'attempt', String(attempt + 1));
    return { ...run, id, retry: { attempt: attempt + 1, policy }, replayOf: run.id, ...(gate === undefined ? {} : { gate }) };
  }
}

/** Milliseconds until the next attempt. */
function delayOf({ attempt, policy: { delay, factor, maxDelay } }: NonNullable<Run['retry']>): number {
  return Math.min(delay * factor ** (attempt - 1), maxDelay);
}
