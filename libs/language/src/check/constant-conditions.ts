import type { Expression } from '../expressions/ast';
import { compileExpression } from '../expressions/compile';
import type { Env } from '../expressions/env';
import { childrenOf } from '../expressions/children';
import { parseExpression } from '../expressions/parse';
import { LanguageError } from '../problems/language-error';
import { Chance } from '../values/random';
import { isTrue } from '../values/value';

/** Whether a condition holds whatever the variables are; undefined when it depends on them. */
export function constantOf(condition: string): boolean | undefined {
  const dialect = { prisme: false };
  try {
    const expression = parseExpression(condition, dialect);
    return isFixed(expression) ? isTrue(compileExpression(expression, dialect)(NOTHING)) : undefined;
  } catch (error) {
    if (error instanceof LanguageError) return undefined;
    throw error;
  }
}

/** Whether nothing in an expression can change from run to run. */
export function isFixed(expression: Expression): boolean {
  if (expression.kind === 'reference' || expression.kind === 'call') return false;
  if (expression.kind === 'matches' && expression.right.kind === 'regex' && expression.right.parts.some((part) => typeof part !== 'string'))
    return false;
  return childrenOf(expression).every(isFixed);
}

/** A world in which nothing is. */
export const NOTHING: Env = {
  variable: () => undefined,
  share: () => undefined,
  restart: () => undefined,
  spend: () => undefined,
  now: 0,
  timeZone: 'UTC',
  chance: new Chance('nothing'),
};
