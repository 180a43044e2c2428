import type { Problem } from '../../problems/problem';
import { withBody, withEntry } from '../../read/missing-key';
import { problemIn, withSeverity } from '../../read/report';
import { childOf, textChild, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { literalText } from '../facts';
import type { Facts, Step } from '../facts';
import { remark } from '../rule';
import type { Rule } from '../rule';
import { block, duration } from '../../shapes/shape';
import type { Shape } from '../../shapes/shape';
import { constantOf } from '../texts/constant-conditions';

/** Instructions that are used in a way that cannot work. */
export const flow: Rule = (facts) => facts.steps.flatMap((step) => (ruleFor(step) ?? NOTHING)(step, facts));

function ruleFor({ name }: Step): (typeof STEPS)[string] | undefined {
  return Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
}

const NOTHING = (): readonly Problem[] => [];

const STEPS: Readonly<Record<string, (step: Step, facts: Facts) => readonly Problem[]>> = {
  break: ({ body, loops }) => {
    const scope = childOf(body, 'scope');
    if (scope === undefined || valueOf(scope) !== 'repeat' || loops > 0) return [];
    return [problemIn('break-outside-repeat', scope, 'There is no `repeat` around this `break`.')];
  },
  repeat: ({ body, entry }) => {
    const isEndless = childOf(body, 'on') === undefined && childOf(body, 'until') === undefined;
    const concurrency = childOf(body, 'batch') === undefined ? undefined : childOf(body, 'concurrency');
    return [
      ...(isEndless ? [problemIn('repeat-without-end', entry.at, '`repeat` needs `on`, `until` or both.')] : []),
      ...(concurrency === undefined ? [] : [remark('warning', 'unreachable', concurrency, '`concurrency` does nothing beside `batch`.')]),
    ];
  },
  try: (step) => missing(step, ['catch', 'finally'], block),
  sleep: (step) => missing(step, ['for', 'until'], duration),
  wait: ({ body, entry }) =>
    childOf(body, 'timeout') === undefined && body?.kind === 'map'
      ? [remark('hint', 'wait-default-timeout', entry.at, 'Without `timeout` this waits for 20 seconds.')]
      : [],
  conditions: conditionProblems,
};

/** One of two keys must be there; the repair is the first, which has that shape. */
function missing({ entry, body }: Step, [first, second]: readonly [string, string], shape: Shape): readonly Problem[] {
  if ([first, second].some((name) => childOf(body, name) !== undefined) || (body !== undefined && body.kind !== 'map')) return [];
  const problem = problemIn('key-missing', entry.at, `\`${entry.key}\` needs \`${first}\` or \`${second}\`.`);
  return [body === undefined ? withBody(problem, entry, { [first]: shape }) : withEntry(problem, body, first, shape)];
}

function conditionProblems({ body }: Step, { texts, automation: { prisme } }: Facts): readonly Problem[] {
  if (body?.kind !== 'map') return [];
  const seen = new Set<string>();
  const parsed = new Map(texts.flatMap((one) => (one.kind === 'expression' ? [[one.text.tree, one.expression] as const] : [])));
  return body.entries.flatMap(({ key, at }) => {
    const written = key.replace(/\s+/g, ' ').trim();
    const again = seen.has(written);
    seen.add(written);
    if (again) return [remark('warning', 'unreachable', at, 'This condition stands there already; this branch is never taken.')];
    const expression = parsed.get(at);
    const constant = expression === undefined ? undefined : constantOf(expression, prisme);
    if (constant === undefined) return [];
    const why = constant ? 'This condition always holds; branches after it are never taken.' : 'This condition never holds.';
    return [remark('warning', 'unreachable', at, why)];
  });
}

/** Instructions that are never reached. */
export const unreachable: Rule = ({ steps }) =>
  steps.flatMap(({ name, index, block, body }) => {
    const next = block[index + 1];
    if (name !== 'break' || next === undefined || next.pointer.includes('/all/') || isGiven(body)) return [];
    return [withSeverity(problemIn('unreachable', next, 'Nothing after a `break` in the same list is reached.'), 'warning')];
  });

function isGiven(body: Tree | undefined): boolean {
  return body?.kind === 'scalar';
}

/** Contexts whose value is read and written back: two runs at once lose one of their changes. */
export const lostUpdates: Rule = ({ steps, reads }) =>
  steps.flatMap(({ name, body }) => {
    const target = name === 'set' ? literalText(body, 'name') : undefined;
    const value = childOf(body, 'value');
    const type = textChild(body, 'type') ?? 'replace';
    const path = target === undefined ? '' : String(target.value);
    if (
      !/^(?:global|user|session|socket|config)\./.test(path) ||
      value === undefined ||
      type !== 'replace' ||
      childOf(body, 'expect') !== undefined
    )
      return [];
    const again = reads.some(({ reference, text }) => text.tree.pointer.startsWith(value.pointer) && reference.keys?.join('.') === path);
    if (!again || target === undefined) return [];
    return [
      remark(
        'warning',
        'lost-update',
        target,
        `\`${path}\` is read and written back; use \`type: increment\`, \`push\` or \`merge\`, or \`expect\`.`,
      ),
    ];
  });
