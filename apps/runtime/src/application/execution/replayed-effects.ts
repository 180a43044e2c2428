import type { Json, JsonMap } from '@millrace/kernel';
import { applyWrite, type Effect, type Plan, type WriteRequest } from '@millrace/language';
import { assumed, BLOCKED, hasStrayed, isAnswered, isTold, keptResult, STRAYED } from '../../domain/replay';
import { Effects, type Result } from './effects';
import type { Progress } from './keeping/progress';

/** Performs the effects of runs that repeat others: what is not to be done again is answered with what came of it before. */
export class ReplayedEffects extends Effects {
  override isAnswered({ run }: Progress, effect: Effect): boolean {
    return isAnswered(run.replay, effect);
  }

  override isTold(progress: Progress, effect: Effect): boolean {
    const { replay } = progress.run;
    return isTold(replay, effect, replay?.fromStep !== undefined && progress.hasBegun(replay.fromStep));
  }

  override async perform(plan: Plan, progress: Progress, effect: Effect, signal: AbortSignal): Promise<Result> {
    const { replay } = progress.run;
    if (replay === undefined || !isAnswered(replay, effect)) return super.perform(plan, progress, effect, signal);
    const kept = keptResult(replay, effect);
    if (kept !== undefined) return kept;
    if (hasStrayed(replay, effect)) return { error: STRAYED };
    if (effect.kind !== 'write') {
      const value = assumed(effect);
      return value === undefined ? { error: BLOCKED } : { value };
    }
    const { context, instance, owner } = effect.request;
    const load = { ...effect, kind: 'load', blocks: true, request: { context, instance, owner } } as const;
    const loaded = await super.perform(plan, progress, load, signal);
    return 'error' in loaded ? loaded : { value: written(loaded.value, effect.request) };
  }
}

/** What the write would have given. */
function written(loaded: Json, request: WriteRequest): Json {
  const { revision = 0, value = {} } = loaded as JsonMap;
  return { revision, value: applyWrite(value as JsonMap, request).result };
}
