import type { Expression } from '../../expressions/ast';
import type { ReadAutomation } from '../../read/read';
import { childOf, entryOf, textChild, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import type { Facts, Step } from '../facts';
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

/** A row that applies, or not. */
function row(applies: boolean, number: number, restored: boolean, message: string): readonly Found[] {
  return applies ? [{ row: number, restored, message }] : [];
}

function inExpression(node: Expression): readonly Found[] {
  switch (node.kind) {
    case 'or':
    case 'and':
      return row(mixes(node), 1, true, '`and` binds tighter than `or`; Prisme.ai groups both from the right.');
    case 'binary':
      return inBinary(node);
    case 'call':
      return inCall(node);
    case 'matches':
      return row(node.right.kind === 'regex' && node.right.parts.length > 1, 7, false, 'The pattern is one, with the values in it.');
    case 'in':
      return row(/,\s|\s,/.test(textIn(node.right)), 8, false, 'The items of the text are trimmed.');
    case 'literal':
      return row(/[\n\r\t\\]/.test(textIn(node)), 10, true, 'Strings know escapes such as `\\n`.');
    default:
      return [];
  }
}

function mixes(node: Extract<Expression, { kind: 'and' | 'or' }>): boolean {
  return [node.left, node.right].some((side) => (side.kind === 'and' || side.kind === 'or') && side.kind !== node.kind);
}

/** The text of a literal; nothing for anything else. */
function textIn(node: Expression | undefined): string {
  return node?.kind === 'literal' && typeof node.value === 'string' ? node.value : '';
}

function inBinary({ op, left, right }: Extract<Expression, { kind: 'binary' }>): readonly Found[] {
  const sides = [left, right];
  if (op === '!=') return row(true, 3, true, '`!=` is exactly not `==`: `1 != "1"` is false.');
  const isBlank = sides.some((side) => side.kind === 'literal' && (side.value === null || side.value === undefined || side.value === ''));
  if (['<', '<=', '>', '>='].includes(op)) return row(isBlank, 5, false, 'The order with null and empty text is false.');
  const isContainer = sides.some((side) => side.kind === 'list' || side.kind === 'map');
  return row(isContainer && ['==', '===', '!=='].includes(op), 4, false, 'Lists and maps compare by content.');
}

function inCall({ name, args }: Extract<Expression, { kind: 'call' }>): readonly Found[] {
  const isZoneless = name === 'date' && args.length > 1 && args.length < 4;
  return [
    ...row(isZoneless, 14, true, 'The date is formatted in the zone of the workspace, not in Europe/Paris.'),
    ...row(name === 'replace' && textIn(args[2]).includes('$'), 11, false, '`$` in the inserted text is inserted as it is.'),
  ];
}

function inDocument({ tree }: ReadAutomation): readonly Difference[] {
  const when = entryOf(tree, 'when')?.value;
  const endpoint = childOf(when, 'endpoint');
  const schedules = childOf(when, 'schedules');
  const isClosed = childOf(endpoint, 'access') === undefined && childOf(endpoint, 'verify') === undefined;
  const opened = row(isClosed, 24, true, 'A rule must allow the caller; `access: public` opens the endpoint to all.');
  const zoned = row(true, 25, true, 'Schedules are read in the zone of the workspace and do not overlap.');
  return [...(endpoint === undefined ? [] : at(endpoint, opened)), ...(schedules === undefined ? [] : at(schedules, zoned))];
}

function at(tree: Tree, found: readonly Found[]): readonly Difference[] {
  return found.map((one) => ({ ...one, tree }));
}

function inSteps({ steps }: Facts): readonly Difference[] {
  return steps.flatMap((step) => at(step.entry.at, (differencesFor(step) ?? NOTHING)(step)));
}

function differencesFor({ name }: Step): (typeof IN_STEPS)[string] | undefined {
  return Object.hasOwn(IN_STEPS, name) ? IN_STEPS[name] : undefined;
}

const NOTHING = (): readonly Found[] => [];

const IN_STEPS: Readonly<Record<string, (step: Step) => readonly Found[]>> = {
  wait: () => row(true, 18, false, 'A wait that runs into its time-out sets its output to null.'),
  all: () => row(true, 19, false, 'Branches have copies of the variables, merged in the order of the document.'),
  repeat: ({ body, loops }) => {
    const until = childOf(body, 'until');
    const isNever = childOf(body, 'on') !== undefined && until !== undefined && valueOf(until) === 0;
    return [
      ...row(isNever, 20, false, '`until: 0` means no pass at all.'),
      ...row(!isNever && loops > 0, 20, false, 'After an inner loop `item` is again that of the outer one.'),
    ];
  },
  fetch: ({ body }) => {
    const message = 'An answer must come within 30 seconds, have at most 10 MiB, and come from a public address.';
    return row(childOf(body, 'timeout') === undefined, 21, false, message);
  },
  emit: ({ body }) => row(/\s/.test(textChild(body, 'event') ?? ''), 29, true, 'The name of an event holds no blanks.'),
};

/** Where an automation read as Prisme.ai would still means something else. */
export const compatibility: Rule = (facts) => {
  if (!facts.automation.prisme) return [];
  return differencesIn(facts)
    .filter(({ restored }) => !restored)
    .map(({ row, tree, message, expression }) =>
      remark('hint', 'compat-difference', tree, `${message} (Difference ${row} from Prisme.ai.)`, expression),
    );
};
