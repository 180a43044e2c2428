import type { Json, JsonMap } from '@millrace/kernel';
import type { Env, Evaluate } from '../expressions/env';
import { LanguageError, refusalIn } from '../problems/language-error';
import { Planner } from '../plan/planner';
import { plainTree } from '../read/plain-tree';
import { DEFAULT_LIMITS } from '../step/limits';
import { Chance } from '../values/random';
import { isMap, isTrue } from '../values/value';
import type { Value } from '../values/value';
import { partOf } from './case';
import type { Case } from './case';
import { settingsOf } from './settings';
import type { OfflineSettings } from './settings';

const { units: MOST_UNITS, text: LONGEST_TEXT } = DEFAULT_LIMITS;

/** Evaluates the expression of a case: `{id, ok: true, value, missing?}` or `{id, ok: false, code, message, line, column}`. */
export function evaluateCase(one: Case): JsonMap {
  const settings = settingsOf(one.value);
  const vars = partOf(one, 'vars');
  const condition = partOf(one, 'kind') === 'condition';
  try {
    const evaluate = compiled(partOf(one, 'expr') ?? null, condition, settings.prisme);
    const value = evaluate(new CaseEnv(isMap(vars) ? vars : {}, settings));
    if (condition) return { id: one.id, ok: true, value: isTrue(value) };
    return value === undefined ? { id: one.id, ok: true, value: null, missing: true } : { id: one.id, ok: true, value };
  } catch (error) {
    const { code, message, place } = refusalIn(error);
    return { id: one.id, ok: false, code, message, line: place?.line ?? 1, column: place?.column ?? 1 };
  }
}

function compiled(expr: Json, condition: boolean, prisme: boolean): Evaluate {
  const planner = new Planner('offline', { prisme }, () => {
    throw new Error('an expression holds no instructions');
  });
  const tree = plainTree(expr, 'expression');
  return condition && tree.kind === 'scalar' ? planner.condition(tree) : planner.template(tree);
}

/** The world in which a case evaluates: its variables, and nothing that changes. */
export class CaseEnv implements Env {
  readonly now: number;
  readonly timeZone: string;
  readonly locale: string;
  readonly chance: Chance;
  readonly longestText = LONGEST_TEXT;
  private left = MOST_UNITS;

  constructor(
    private readonly vars: JsonMap,
    { now, timeZone, locale, seed }: OfflineSettings,
  ) {
    this.now = now;
    this.timeZone = timeZone;
    this.locale = locale;
    this.chance = new Chance(`${seed}/`);
  }

  variable(name: string): Value {
    return Object.hasOwn(this.vars, name) ? this.vars[name] : undefined;
  }

  share(): void {
    // Nothing is written while an expression is evaluated.
  }

  restart(): void {
    this.left = MOST_UNITS;
  }

  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new LanguageError('language.expression_budget', `The expression takes more than ${MOST_UNITS} units of work.`);
  }
}
