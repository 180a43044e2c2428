import type { Expression } from '../../expressions/ast';
import { compileExpression } from '../../expressions/compile';
import type { Env } from '../../expressions/env';
import { childrenOf } from '../../expressions/children';
import { refusalIn } from '../../problems/language-error';
import { DEFAULT_LIMITS } from '../../step/limits';
import { Chance } from '../../values/random';
import { isTrue } from '../../values/value';

/** Whether a condition holds whatever the variables are; undefined when it depends on them. */
export function constantOf(condition: Expression, prisme: boolean): boolean | undefined {
  if (!isFixed(condition)) return undefined;
  try {
    return isTrue(compileExpression(condition, { prisme })(NOTHING));
  } catch (error) {
    refusalIn(error);
    return undefined;
  }
}

/** Whether nothing in an expression can change from run to run. */
function isFixed(expression: Expression): boolean {
  if (expression.kind === 'reference' || expression.kind === 'call') return false;
  if (expression.kind === 'matches' && expression.right.kind === 'regex' && expression.right.parts.some((part) => typeof part !== 'string'))
    return false;
  return childrenOf(expression).every(isFixed);
}

/** A world in which nothing is. */
const NOTHING: Env = {
  variable: () => undefined,
  share: () => undefined,
  restart: () => undefined,
  spend: () => undefined,
  now: 0,
  timeZone: 'UTC',
  locale: 'en',
  chance: new Chance('nothing'),
  longestText: DEFAULT_LIMITS.text,
};
