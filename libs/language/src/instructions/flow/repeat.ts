import type { Json } from '@millrace/kernel';
import type { Evaluate } from '../../expressions/env';
import type { Instruction } from '../../plan/instruction';
import { LanguageError } from '../../problems/language-error';
import { childOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import type { Planner } from '../../plan/planner';
import { any, block, integer, map, milliseconds, number } from '../../shapes/shape';
import type { Fields } from '../../shapes/shape';
import type { Branch } from '../../step/threads/branch';
import { interceptBranches, proceedBranches } from '../../step/threads/branches';
import type { Fork } from '../../step/threads/branches';
import { interceptLoop, proceedLoop, takeChunk } from '../../step/threads/loop';
import type { Frame } from '../../step/state';
import { isList, isMap, ownOf, typeName } from '../../values/value';
import type { Value } from '../../values/value';
import { parametersOf } from '../parameters';

const FIELDS: Fields = {
  until: { shape: number, is: 'The number of passes; with on the most of them' },
  concurrency: { shape: integer(1, 100), is: 'How many passes run side by side', default: 1 },
  batch: {
    shape: map({
      size: { shape: integer(1, 100), is: 'How many passes run at once', required: true },
      interval: { shape: milliseconds, is: 'How long to pause between two batches; a number is milliseconds' },
    }),
    is: 'Runs so many passes at once, waits for them, then pauses',
  },
};

const BODY = map({
  do: { shape: block, is: 'What to repeat; item and $index are set before each pass', required: true },
  on: { shape: any, is: 'A list, a map (items are {key, value}) or a stream; null is no pass' },
  ...FIELDS,
  output: { shape: { kind: 'path' }, is: 'Receives the payload of the break that ended it, else null' },
});

/** Takes instructions several times. */
export const repeat: Instruction = {
  name: 'repeat',
  summary: 'Takes instructions once for each item, or a number of times',
  step: false,
  body: BODY,
  plan: (body, planner) => {
    const evaluate = templatesOf(body, planner);
    const inner = planner.block(childOf(body, 'do'));
    const fork: Fork = { loop: true, blockOf: () => inner, pathOf: (at) => `#${at}` };
    return {
      enter: (branch, node) => {
        branch.push(frameFor(branch, node.n, evaluate));
        return 'entered';
      },
      proceed: (branch, node, frame) => {
        if (frame.f === 'branches') return proceedBranches(branch, node, frame, fork);
        return frame.f === 'repeat' && proceedLoop(branch, node, frame, inner);
      },
      intercept: (branch, node, frame, completion) => {
        if (frame.f === 'branches') return interceptBranches(branch, frame, completion);
        return frame.f === 'repeat' && interceptLoop(branch, node, frame, completion);
      },
      settle: (branch, _, value) => {
        if (branch.top?.f === 'repeat') takeChunk(branch.top, value);
        return { proceed: true };
      },
    };
  },
};

interface Templates {
  readonly on: Evaluate | undefined;
  readonly others: Evaluate;
}

function templatesOf(body: Tree | undefined, planner: Planner): Templates {
  const on = childOf(body, 'on');
  const others = body?.kind === 'map' ? { ...body, entries: body.entries.filter(({ key }) => Object.hasOwn(FIELDS, key)) } : undefined;
  return {
    on: on === undefined ? undefined : planner.template(on),
    others: planner.parameters(others, map(FIELDS)),
  };
}

function frameFor(branch: Branch, n: number, templates: Templates): Frame {
  const { until, concurrency, batch } = parametersOf(branch, templates.others, FIELDS, 'repeat');
  const over = overOf(branch, templates.on);
  const passes = passesOf(branch, until, over);
  const most = isMap(batch) ? Number(batch['size']) : Number(concurrency ?? 1);
  if (over.stream === undefined && (isMap(batch) || most > 1)) {
    const interval = isMap(batch) ? { interval: Number(batch['interval'] ?? 0) } : {};
    return { f: 'branches', n, total: passes, most, begun: 0, paused: 0, threads: [], done: [], ...over, ...interval };
  }
  const { variables } = branch;
  return { f: 'repeat', n, passes, pass: -1, before: [variables.lift('item'), variables.lift('$index')], ...over };
}

/** What a loop goes over: items, a stream, or nothing but a number of passes. */
interface Over {
  readonly items?: readonly Json[];
  readonly stream?: Json;
}

function overOf(branch: Branch, on: Evaluate | undefined): Over {
  if (on === undefined) return {};
  const value = branch.evaluate(on);
  const stream = isMap(value) ? ownOf(value, '$stream') : undefined;
  return stream === undefined ? { items: itemsOf(value) } : { stream };
}

function passesOf(branch: Branch, until: Json | undefined, { items, stream }: Over): number {
  const most = branch.machine.limits.passes;
  const wanted = typeof until === 'number' ? Math.max(0, Math.ceil(until)) : Number.POSITIVE_INFINITY;
  const passes = Math.min(items?.length ?? Number.POSITIVE_INFINITY, wanted);
  if (stream !== undefined) return Math.min(passes, most);
  if (passes <= most) return passes;
  throw new LanguageError('runtime.run_limit', `The loop would take more than ${most} passes.`);
}

function itemsOf(value: Value): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value;
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  throw new LanguageError('language.type', `\`repeat.on\` must be a list, a map or a stream, found ${typeName(value)}.`);
}
