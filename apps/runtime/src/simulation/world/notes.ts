import type { Json, JsonMap } from '@millrace/kernel';
import type { Workings } from '../../application/engine';
import type { Run } from '../../domain/run';

/** A run as a process began it. */
export interface Begun {
  readonly run: Run;
  readonly locals: JsonMap;
}

/** What is listened to while a scenario is played and stands nowhere afterwards. */
export class Notes {
  /** By run: each beginning of it. */
  readonly begun = new Map<string, Begun[]>();
  /** By run and effect: each value that a context was given to it with. */
  readonly loaded = new Map<string, Json[]>();
  /** By run: the hands it was in, one after the other or at once, as far as they did something. */
  readonly hands = new Map<string, Set<object>>();

  /** The same classes, heard. */
  listenTo(made: Workings): Workings {
    const { begun, loaded, hands } = this;
    class HeardRuns extends made.Runs {
      override begin(...told: Parameters<InstanceType<Workings['Runs']>['begin']>) {
        const [, run, locals] = told;
        add(begun, run.id, { run, locals });
        return super.begin(...told);
      }
    }
    class HeardEffects extends made.Effects {
      override async perform(...asked: Parameters<InstanceType<Workings['Effects']>['perform']>) {
        const [, progress, effect] = asked;
        const { run } = progress;
        hands.set(run.id, (hands.get(run.id) ?? new Set()).add(progress));
        const result = await super.perform(...asked);
        if (effect.kind === 'load' && 'value' in result) add(loaded, loadName(run.id, effect.id), result.value);
        return result;
      }
    }
    return { ...made, Runs: HeardRuns, Effects: HeardEffects };
  }
}

export function loadName(run: string, effect: string): string {
  return `${run} ${effect}`;
}

function add<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
