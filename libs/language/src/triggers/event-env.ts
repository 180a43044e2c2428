import type { JsonMap } from '@millrace/kernel';
import type { Env } from '../expressions/env';
import { LanguageError } from '../problems/language-error';
import type { Plan } from '../plan/plan';
import { DEFAULT_LIMITS, type Limits } from '../step/limits';
import { instantFrom } from '../time/instant';
import { Chance } from '../values/random';
import type { Value } from '../values/value';

/** The world as a filter sees it: the event, and its time as now. */
export class EventEnv implements Env {
  readonly chance = new Chance('filter');
  readonly now: number;
  readonly timeZone: string;
  readonly locale: string;
  readonly longestText: number;
  private left: number;

  constructor(
    private readonly locals: JsonMap,
    { timeZone, locale }: Pick<Plan, 'timeZone' | 'locale'>,
    private readonly limits: Pick<Limits, 'units' | 'text'> = DEFAULT_LIMITS,
  ) {
    this.timeZone = timeZone;
    this.locale = locale;
    this.longestText = limits.text;
    this.left = limits.units;
    this.now = instantFrom(locals['createdAt']) ?? 0;
  }

  variable(name: string): Value {
    return Object.hasOwn(this.locals, name) ? this.locals[name] : undefined;
  }

  share(): void {
    // Nothing is written while a filter is evaluated.
  }

  restart(): void {
    this.left = this.limits.units;
  }

  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new LanguageError('language.expression_budget', 'The filter takes too much work.');
  }
}
