import type { Expression } from '../../expressions/ast';
import type { ReadAutomation } from '../../read/read';
import { childOf, entryOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import type { Facts } from '../facts';
import { remark } from '../rule';
import type { Rule } from '../rule';

/** A place where an automation written for Prisme.ai means something else here. `restored`: not under `compat: prisme`. */
export interface Difference {
  readonly row: number;
  readonly tree: Tree;
  readonly message: string;
  readonly restored: boolean;
  readonly expression?: Expression;
}

/** Every place of an automation where a row of the compatibility table applies, as far as it can be seen. */
export function differencesIn(facts: Facts): readonly Difference[] {
  return [
    ...facts.expressions.flatMap(({ expression, text }) =>
      inExpression(expression).map((found) => ({ ...found, tree: text.tree, expression })),
    ),
    ...inDocument(facts.automation),
    ...inSteps(facts),
  ];
}

type Found = Omit<Difference, 'tree' | 'expression'>;

function inExpression(node: Expression): readonly Found[] {
  switch (node.kind) {
    case 'or':
    case 'and':
      return mixes(node)
        ? [{ row: 1, restored: true, message: '`and` binds tighter than `or`; Prisme.ai groups both from the right.' }]
        : [];
    case 'binary':
      return inBinary(node);
    case 'call':
      return inCall(node);
    case 'matches':
      return node.right.kind === 'regex' && node.right.parts.length > 1
        ? [{ row: 7, restored: false, message: 'The pattern is one, with the values in it.' }]
        : [];
    case 'literal':
      return typeof node.value === 'string' && /[\n\r\t\\]/.test(node.value)
        ? [{ row: 10, restored: true, message: 'Strings know escapes such as `\\n`.' }]
        : [];
    default:
      return [];
  }
}

function mixes(node: Extract<Expression, { kind: 'and' | 'or' }>): boolean {
  return [node.left, node.right].some((side) => (side.kind === 'and' || side.kind === 'or') && side.kind !== node.kind);
}

function inBinary({ op, left, right }: Extract<Expression, { kind: 'binary' }>): readonly Found[] {
  if (op === '!=') return [{ row: 3, restored: true, message: '`!=` is exactly not `==`: `1 != "1"` is false.' }];
  const isNull = [left, right].some(
    (side) => side.kind === 'literal' && (side.value === null || side.value === undefined || side.value === ''),
  );
  if (['<', '<=', '>', '>='].includes(op) && isNull)
    return [{ row: 5, restored: false, message: 'The order with null and empty text is false.' }];
  const containers = [left, right].some((side) => side.kind === 'list' || side.kind === 'map');
  return containers && ['==', '===', '!=='].includes(op)
    ? [{ row: 4, restored: false, message: 'Lists and maps compare by content.' }]
    : [];
}

function inCall({ name, args }: Extract<Expression, { kind: 'call' }>): readonly Found[] {
  if (name === 'date' && args.length > 1 && args.length < 4)
    return [{ row: 14, restored: true, message: 'The date is formatted in the zone of the workspace, not in Europe/Paris.' }];
  const [, , insert] = args;
  const expands = name === 'replace' && insert?.kind === 'literal' && typeof insert.value === 'string' && insert.value.includes('$');
  return expands ? [{ row: 11, restored: false, message: '`$` in the inserted text is inserted as it is.' }] : [];
}

function inDocument({ tree }: ReadAutomation): readonly Difference[] {
  const when = entryOf(tree, 'when')?.value;
  const endpoint = childOf(when, 'endpoint');
  const schedules = childOf(when, 'schedules');
  const closed: Difference[] =
    endpoint !== undefined && childOf(endpoint, 'access') === undefined && childOf(endpoint, 'verify') === undefined
      ? [{ row: 24, restored: true, tree: endpoint, message: 'A rule must allow the caller; `access: public` opens the endpoint to all.' }]
      : [];
  const zoned: Difference[] =
    schedules === undefined
      ? []
      : [{ row: 25, restored: true, tree: schedules, message: 'Schedules are read in the zone of the workspace and do not overlap.' }];
  return [...closed, ...zoned];
}

function inSteps({ steps }: Facts): readonly Difference[] {
  return steps.flatMap(({ name, entry }): readonly Difference[] => {
    if (name === 'wait')
      return [{ row: 18, restored: false, tree: entry.at, message: 'A wait that runs into its time-out sets its output to null.' }];
    return name === 'all'
      ? [
          {
            row: 19,
            restored: false,
            tree: entry.at,
            message: 'Branches have copies of the variables, merged in the order of the document.',
          },
        ]
      : [];
  });
}

/** Where an automation read as Prisme.ai would still means something else. */
export const compatibility: Rule = (facts) => {
  if (!facts.automation.prisme) return [];
  return differencesIn(facts)
    .filter(({ restored }) => !restored)
    .map(({ row, tree, message, expression }) =>
      remark('hint', 'compat-difference', tree, `${message} (Difference ${row} from Prisme.ai.)`, expression),
    );
};
