import type { JsonMap } from '@millrace/kernel';
import type { Env } from '../expressions/env';
import { LanguageError } from '../problems/language-error';
import { instantFrom } from '../time/instant';
import { Chance } from '../values/random';
import type { Value } from '../values/value';

/** The world as a filter sees it: the event, and its time as now. */
export class EventEnv implements Env {
  readonly chance = new Chance('filter');
  readonly now: number;
  private left = 100_000;

  constructor(
    private readonly locals: JsonMap,
    readonly timeZone: string,
  ) {
    this.now = instantFrom(locals['createdAt']) ?? 0;
  }

  variable(name: string): Value {
    return Object.hasOwn(this.locals, name) ? this.locals[name] : undefined;
  }

  share(): void {
    // Nothing is written while a filter is evaluated.
  }

  restart(): void {
    this.left = 100_000;
  }

  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new LanguageError('language.expression_budget', 'The filter takes too much work.');
  }
}
