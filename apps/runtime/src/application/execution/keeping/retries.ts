import type { Ids, JsonMap } from '@millrace/kernel';
import { jitterOf, type EffectError } from '@millrace/language';
import { runKey, type Retry, type Run } from '../../../domain/run';
import type { Contexts } from '../../contexts/contexts';
import type { Timers } from '../../timers/timers';
import { Progress } from './progress';
import type { RunStore } from './run-store';

export interface RetriesParts {
  readonly store: RunStore;
  readonly timers: Timers;
  readonly contexts: Pick<Contexts, 'keepFor'>;
  readonly ids: Ids;
}

/** Begins runs again that failed, as their automations say: later, as runs of their own. */
export class Retries {
  constructor(private readonly parts: RetriesParts) {}

  /** Puts the next attempt on its way, durably; the same one however often it is asked for. Nothing when it was the last, or for an error that is no reason for another. */
  async again(run: Run, locals: JsonMap | undefined, { code }: Pick<EffectError, 'code'>): Promise<void> {
    const { retry } = run;
    if (retry === undefined || locals === undefined || retry.attempt >= retry.policy.attempts) return;
    if (retry.policy.on?.map(String).includes(code) === false) return;
    const { store, timers, contexts } = this.parts;
    const id = this.parts.ids.derive('run', run.id, 'attempt', String(retry.attempt + 1));
    const due = await timers.setAhead(runKey({ ...run, id }), delayOf(retry, id));
    const next = attemptOf(run, retry, { id, at: due });
    const progress = new Progress(next);
    progress.releasedAt(run.startedBy ?? '');
    Object.assign(progress, { locals, timer: due, holds: true });
    await contexts.keepFor(next);
    await store.write({ ...progress.checkpoint({ status: 'parked' }), beginAt: due }, 0);
  }
}

/** The run of the next attempt: it has as long as the one before had. */
function attemptOf(
  { startedBy: _startedBy, ...run }: Run,
  { attempt, policy }: Retry,
  { id, at }: { readonly id: string; readonly at: number },
): Run {
  const deadline = at + (run.deadline - run.startedAt);
  return { ...run, id, startedAt: at, deadline, retry: { attempt: attempt + 1, policy }, replayOf: run.id };
}

/** Milliseconds until the next attempt, `id`: what failed together does not come again together. */
function delayOf({ attempt, policy: { delay, factor, maxDelay, jitter } }: Retry, id: string): number {
  const middle = Math.min(delay * factor ** (attempt - 1), maxDelay);
  return Math.round(middle * (1 - jitter)) + jitterOf({ jitter: 2 * jitter * middle }, id);
}
