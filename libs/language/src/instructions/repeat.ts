import type { Json } from '@millrace/kernel';
import type { Evaluate } from '../expressions/env';
import type { Instruction } from '../plan/instruction';
import type { PlannedNode } from '../plan/nodes';
import { LanguageError } from '../problems/language-error';
import { childOf } from '../read/tree';
import { any, block, integer, map, milliseconds, number } from '../shapes/shape';
import type { Branch } from '../step/branch';
import type { Completion, RepeatFrame } from '../step/state';
import { isList, isMap, numberOf, typeName } from '../values/value';
import type { Value } from '../values/value';
import { STEP_FIELDS } from './step';

/** Takes instructions several times. */
export const repeat: Instruction = {
  name: 'repeat',
  summary: 'Takes instructions once for each item, or a number of times',
  step: false,
  body: map({
    do: { shape: block, is: 'What to repeat; item and $index are set before each pass', required: true },
    on: { shape: any, is: 'A list, a map (items are {key, value}) or a stream; null is no pass' },
    until: { shape: number, is: 'The number of passes; with on the most of them' },
    concurrency: { shape: integer(1, 100), is: 'How many passes run side by side', default: 1 },
    batch: {
      shape: map({
        size: { shape: integer(1, 100), is: 'How many passes run at once', required: true },
        interval: { shape: milliseconds, is: 'How long to pause between two batches' },
      }),
      is: 'Runs so many passes at once, waits for them, then pauses',
    },
    output: { ...STEP_FIELDS['output'], shape: { kind: 'path' }, is: 'Receives the payload of the break that ended it, else null' },
  }),
  plan: (body, planner) => {
    const on = childOf(body, 'on');
    const until = childOf(body, 'until');
    const evaluate = {
      on: on === undefined ? undefined : planner.template(on),
      until: until === undefined ? undefined : planner.template(until),
    };
    const inner = planner.block(childOf(body, 'do'));
    return {
      enter: (branch, node) => {
        const { items, passes } = plannedPasses(branch, evaluate);
        const before = [branch.variables.lift('item'), branch.variables.lift('$index')] as const;
        branch.push({ f: 'repeat', n: node.n, passes, pass: -1, before, ...(items === undefined ? {} : { items }) });
        return 'entered';
      },
      proceed: (branch, node, frame) => {
        pass(branch, node, frame as RepeatFrame, inner);
        return true;
      },
      intercept: (branch, node, frame, completion) => intercept(branch, node, frame as RepeatFrame, completion),
    };
  },
};

interface Passes {
  readonly items?: readonly Json[];
  readonly passes: number;
}

function plannedPasses(branch: Branch, { on, until }: { on: Evaluate | undefined; until: Evaluate | undefined }): Passes {
  const items = on === undefined ? undefined : itemsOf(branch.evaluate(on));
  const wanted = until === undefined ? undefined : numberOf(branch.evaluate(until));
  if (until !== undefined && wanted === undefined) throw new LanguageError('language.argument_type', '`repeat.until` must be a number.');
  const passes = Math.max(0, Math.min(items?.length ?? Infinity, Math.ceil(wanted ?? Infinity)));
  if (passes > branch.machine.limits.passes) {
    throw new LanguageError('runtime.run_limit', `The loop would take more than ${branch.machine.limits.passes} passes.`);
  }
  return { passes, ...(items === undefined ? {} : { items }) };
}

function itemsOf(value: Value): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value;
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  throw new LanguageError('language.type', `\`repeat.on\` must be a list, a map or a stream, found ${typeName(value)}.`);
}

function pass(branch: Branch, node: PlannedNode, frame: RepeatFrame, inner: number): void {
  frame.pass += 1;
  if (frame.pass >= frame.passes) {
    restore(branch, frame);
    branch.finish(node);
    return;
  }
  branch.variables.lay('item', [frame.items === undefined ? frame.pass : (frame.items[frame.pass] ?? null)]);
  branch.variables.lay('$index', [frame.pass]);
  branch.enterBlock(inner);
}

function intercept(branch: Branch, node: PlannedNode, frame: RepeatFrame, completion: Completion): boolean {
  restore(branch, frame);
  if (completion.how !== 'break' || completion.scope !== 'repeat') return false;
  branch.finish(node, completion.payload === undefined ? [] : [completion.payload]);
  return true;
}

function restore(branch: Branch, { before }: RepeatFrame): void {
  branch.variables.lay('item', before[0]);
  branch.variables.lay('$index', before[1]);
}
