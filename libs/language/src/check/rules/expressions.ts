import type { Expression } from '../../expressions/ast';
import type { Problem } from '../../problems/problem';
import { numberOf, typeName } from '../../values/value';
import type { Value } from '../../values/value';
import { remark } from '../rule';
import type { Rule } from '../rule';
import { CONTEXTS } from './contexts';
import { definedIn } from './variables';

type Binary = Extract<Expression, { kind: 'binary' }>;

/** Comparisons and arithmetic of literals that cannot work. */
export const types: Rule = ({ expressions }) =>
  expressions.flatMap(({ expression, text }) => {
    const why = expression.kind === 'binary' ? mismatch(expression) : undefined;
    return why === undefined ? [] : [remark('warning', 'type-mismatch', text.tree, why, expression)];
  });

function mismatch({ op, left, right }: Binary): string | undefined {
  if (['-', '*', '/', '%'].includes(op)) return [left, right].map(arithmeticProblem).find((problem) => problem !== undefined);
  if (['<', '<=', '>', '>='].includes(op)) return orderProblem(left, right);
  return ['==', '===', '!=', '!=='].includes(op) ? equalityProblem(left, right) : undefined;
}

function arithmeticProblem(operand: Expression): string | undefined {
  const value = valueOf(operand);
  if (value === undefined || numberOf(value.value) !== undefined) return undefined;
  return `This is a ${typeName(value.value)}; arithmetic needs numbers.`;
}

function valueOf(node: Expression): { readonly value: Value } | undefined {
  if (node.kind === 'literal') return node;
  if (node.kind === 'word') return { value: node.word };
  if (node.kind === 'list') return { value: [] };
  return node.kind === 'map' ? { value: {} } : undefined;
}

function orderProblem(left: Expression, right: Expression): string | undefined {
  const [a, b] = [valueOf(left), valueOf(right)];
  for (const [one, other] of [
    [a, b],
    [b, a],
  ]) {
    if (one === undefined) continue;
    if (one.value === null || one.value === undefined || typeof one.value === 'object')
      return `The order with ${typeName(one.value)} is always false.`;
    const blank = typeof one.value === 'string' && numberOf(one.value) === undefined;
    if (blank && typeof other?.value === 'number') return 'The order of a number and a text that is none is always false.';
  }
  return undefined;
}

function equalityProblem(left: Expression, right: Expression): string | undefined {
  const [a, b] = [left, right].map(valueOf);
  if (a === undefined || b === undefined) return undefined;
  const scalarAndContainer = (typeof a.value === 'object' && a.value !== null) !== (typeof b.value === 'object' && b.value !== null);
  const numberAndWord = typeof a.value === 'number' && typeof b.value === 'string' && numberOf(b.value) === undefined;
  const wordAndNumber = typeof b.value === 'number' && typeof a.value === 'string' && numberOf(a.value) === undefined;
  return scalarAndContainer || numberAndWord || wordAndNumber ? `A ${typeName(a.value)} never equals a ${typeName(b.value)}.` : undefined;
}

/** Bare words that are spelt like variables. */
export const words: Rule = (facts, around) => {
  const known = definedIn(facts, around);
  if (known === undefined) return [];
  const forVariables = new Set(
    facts.expressions.flatMap(({ expression }) => (expression.kind === 'call' && expression.name.startsWith('is') ? expression.args : [])),
  );
  return facts.expressions.flatMap(({ expression, text }) => {
    if (expression.kind !== 'word' || forVariables.has(expression) || !(known.has(expression.word) || CONTEXTS.has(expression.word)))
      return [];
    return [
      remark(
        'warning',
        'word-is-variable',
        text.tree,
        `This is the text "${expression.word}"; the variable is \`{{${expression.word}}}\`.`,
        expression,
      ),
    ];
  });
};

/** Texts of expressions that are nearly as long as they may be. */
export const long: Rule = ({ texts }) =>
  texts.flatMap(({ text: { tree, as, text } }): readonly Problem[] =>
    as !== 'template' && text.length > 3276
      ? [remark('warning', 'limit-near', tree, `This expression has ${text.length} of at most 4096 characters.`)]
      : [],
  );
