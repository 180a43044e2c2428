import type { Clock } from '@millrace/kernel';
import type { Ended } from '@millrace/language';
import { earliestDue } from '../../domain/checkpoint';
import { runKey } from '../../domain/run';
import type { Contexts } from '../contexts/contexts';
import type { Slots } from '../admission/slots';
import type { Timers } from '../timers/timers';
import type { Answers } from './answers';
import type { Progress } from './keeping/progress';
import { NO_MAIL, type Release } from './keeping/release';
import type { Retries } from './keeping/retries';
import type { RunStore } from './keeping/run-store';

/** How a run left the hand of this process. */
export type Rest = { readonly kind: 'ended'; readonly ended: Ended } | { readonly kind: 'parked' };

export interface PutDownParts {
  readonly release: Release;
  readonly store: RunStore;
  readonly timers: Timers;
  readonly answers: Answers;
  readonly slots: Slots;
  readonly retries: Retries;
  readonly contexts: Pick<Contexts, 'keepFor' | 'letGo'>;
  readonly clock: Clock;
}

/** Puts a run down that waits: somebody takes it on when an event, an answer or the clock says so. */
export async function park({ timers, release, contexts, clock }: PutDownParts, progress: Progress): Promise<Rest> {
  const { run, outstanding, timer } = progress;
  const due = earliestDue({ run, outstanding: [...outstanding.values()] });
  await Promise.all([timers.set(runKey(run), due), contexts.keepFor(run)]);
  progress.holds = true;
  progress.timer = due;
  progress.wokenBy = [];
  await release.checkpoint(progress, NO_MAIL, 'parked');
  if (timer !== undefined && timer !== due) await timers.clear(runKey(run), timer);
  // Another process may have seen the timer before it could see that the run is parked.
  if (due <= clock.now()) await timers.set(runKey(run), due);
  return { kind: 'parked' };
}

/** Tells how a run has ended, and leaves nothing of it behind. `withdraw` tells those who were to answer it. */
export async function finish(parts: PutDownParts, progress: Progress, ended: Ended, withdraw: () => Promise<void>): Promise<Rest> {
  const { release, answers, store, timers, slots, retries, contexts } = parts;
  const { run } = progress;
  if ('error' in ended && run.retry !== undefined) {
    // Who has lost the run to another process must not have it begun again.
    await release.checkpoint(progress, NO_MAIL);
    await retries.again(run, progress.locals, ended.error);
  }
  await release.last(progress, run.keyed === true);
  await withdraw();
  await answers.give(run, { head: progress.head, ended }, progress.revision > 0);
  if (progress.holds) await contexts.letGo(run);
  if (progress.revision > 0) await store.remove(run);
  release.settle(progress);
  if (progress.timer !== undefined) await timers.clear(runKey(run), progress.timer);
  if (run.gate !== undefined) await slots.free({ ...run, key: run.gate.key }, runKey(run));
  return { kind: 'ended', ended };
}
