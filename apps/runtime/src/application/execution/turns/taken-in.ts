import type { Effect, ReplyRequest, Turn } from '@millrace/language';
import type { Effects } from '../effects';
import type { Journal } from '../journal';
import type { Progress } from '../keeping/progress';

/** What of a turn is still to be done. */
export interface ToDo {
  readonly asked: readonly Effect[];
  readonly replies: readonly ReplyRequest[];
  /** How many events it emitted that will be told. */
  readonly emits: number;
}

export interface TakenInParts {
  readonly effects: Effects;
  readonly journal: Journal;
}

/** Takes the effects of a turn into what is kept of the run: what it tells and writes is decided, the rest is to be done. */
export function takenIn({ effects, journal }: TakenInParts, progress: Progress, turn: Turn, now: number): ToDo {
  const asked: Effect[] = [];
  const replies: ReplyRequest[] = [];
  let emits = 0;
  for (const effect of turn.effects) {
    if (effect.kind === 'reply') replies.push(effect.request);
    else if (effect.kind === 'emit') {
      progress.begins(effect, now);
      if (!effects.isTold(progress, effect)) continue;
      emits += 1;
      for (const event of journal.emit(progress.run, effect, now)) progress.emits(event);
    } else if (effect.kind === 'write' && !effect.blocks) {
      if (effects.isTold(progress, effect)) progress.writes(effect.request);
      else progress.begins(effect, now);
    } else asked.push(effect);
  }
  for (const effect of asked) progress.asks(effect, now);
  return { asked, replies, emits };
}
