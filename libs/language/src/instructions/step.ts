import type { Json, JsonMap } from '@millrace/kernel';
import type { Instruction } from '../plan/instruction';
import type { PlannedNode } from '../plan/nodes';
import { coerceFields } from '../shapes/coerce';
import { integer, list, map, number, oneOf, path, text, duration } from '../shapes/shape';
import type { Fields } from '../shapes/shape';
import type { Tree } from '../read/tree';
import type { Branch } from '../step/threads/branch';
import type { EffectDraft } from '../step/machine';
import type { Settled } from '../step/threads/operation';
import type { Frame } from '../step/state';
import { LanguageError } from '../problems/language-error';
import type { RetryPolicy } from '../triggers/triggers';
import { isMap } from '../values/value';

/** What a step asked for: a result that is known at once, or an effect to wait for. */
export type Performed =
  | { readonly result: readonly Json[] }
  | {
      readonly effect: EffectDraft;
      /** What `settle` needs to know. */
      readonly kept?: JsonMap;
      /** Others may write contexts while it takes. */
      readonly refresh?: true;
    };

type Option = 'timeout' | 'retry' | 'idempotencyKey';

/** An instruction with an effect outside the run. */
export interface StepDefinition {
  readonly name: string;
  readonly summary: string;
  readonly fields: Fields;
  readonly options?: readonly Option[];
  readonly addition?: true;
  /** Changes the body as written, before it is compiled. */
  readonly prepare?: (body: Tree) => Tree;
  readonly perform: (branch: Branch, parameters: JsonMap, node: PlannedNode) => Performed;
  readonly settle?: (branch: Branch, value: Json, kept: JsonMap, node: PlannedNode) => Settled;
  readonly proceed?: (branch: Branch, node: PlannedNode, frame: Frame) => boolean;
}

const ON_ERROR = oneOf('fail', 'continue', 'emit', 'break');

const RETRY: Fields = {
  attempts: { shape: integer(1, 100), is: 'How often it is tried, the first time included' },
  delay: { shape: duration, is: 'How long to wait before the second attempt', default: '1s' },
  factor: { shape: number, is: 'What each further wait is multiplied by', default: 2 },
  maxDelay: { shape: duration, is: 'The longest wait between two attempts', default: '5m' },
  jitter: { shape: number, is: 'The share by which waits vary by chance', default: 0.2 },
  on: { shape: list(text), is: 'Error codes or statuses (503, 5xx) that are tried again' },
  lost: { shape: oneOf('repeat', 'fail'), is: 'What becomes of an attempt whose outcome a crash swallowed', default: 'repeat' },
};

/** `retry` of steps and automations. */
export const retryShape = map(RETRY);

const OPTIONS: Readonly<Record<Option, Fields[string]>> = {
  timeout: { shape: duration, is: 'How long one attempt may take' },
  retry: { shape: retryShape, is: 'When and how often it is tried again' },
  idempotencyKey: { shape: text, is: 'A key of your own: within 24 hours a finished step of that key answers with its result' },
};

/** Where the result of an instruction goes. */
export const OUTPUT: Fields = { output: { shape: path, is: 'The path that receives the result' } };

/** The options every step has. */
export const STEP_FIELDS: Fields = {
  ...OUTPUT,
  onError: {
    shape: ON_ERROR,
    is: 'What an error leads to: the end, going on, going on and telling, or the end of the automation',
    default: 'fail',
  },
};

/** Makes an instruction of a step. */
export function defineStep(definition: StepDefinition): Instruction {
  const { name, summary, addition } = definition;
  const options = Object.fromEntries((definition.options ?? []).map((option) => [option, OPTIONS[option]]));
  const fields = { ...definition.fields, ...options };
  const body = map({ ...fields, ...STEP_FIELDS });
  return {
    name,
    summary,
    body,
    step: true,
    ...(addition === undefined ? {} : { addition }),
    plan: (tree, planner) => {
      const evaluate = planner.parameters(tree === undefined ? undefined : (definition.prepare?.(tree) ?? tree), body);
      const { settle, proceed } = definition;
      return {
        enter: (branch, node) => {
          const given = branch.evaluate(evaluate);
          if (given !== undefined && given !== null && !isMap(given))
            throw new LanguageError('language.argument_type', `\`${name}\` needs a map.`);
          const parameters = coerceFields(fields, given ?? {}, name);
          const attempts = Object.fromEntries(Object.entries(parameters).filter(([option]) => Object.hasOwn(options, option)));
          return begin(branch, node, definition.perform(branch, parameters, node), attempts);
        },
        ...(settle === undefined ? {} : { settle: (branch, node, value, kept) => settle(branch, value, kept, node) }),
        ...(proceed === undefined ? {} : { proceed }),
      };
    },
  };
}

function begin(branch: Branch, node: PlannedNode, performed: Performed, attempts: JsonMap): 'done' | 'entered' {
  if ('result' in performed) {
    if (node.output === undefined) return 'done';
    branch.deliver(node, performed.result);
    return 'entered';
  }
  const { effect, kept, refresh } = performed;
  branch.await(
    node,
    { ...effect, ...attemptsOf(attempts) },
    { ...(kept === undefined ? {} : { kept }), ...(refresh === true ? { refresh } : {}) },
  );
  return 'entered';
}

function attemptsOf({ timeout, retry, idempotencyKey }: JsonMap): { timeout?: number; retry?: RetryPolicy; idempotencyKey?: string } {
  return {
    ...(typeof timeout === 'number' ? { timeout } : {}),
    ...(isMap(retry) ? { retry: retryPolicy(retry) } : {}),
    ...(typeof idempotencyKey === 'string' ? { idempotencyKey } : {}),
  };
}

/** A retry as written (durations already in milliseconds), with its defaults. */
export function retryPolicy(given: JsonMap): RetryPolicy {
  const defaults = { attempts: 1, delay: 1000, factor: 2, maxDelay: 300_000, jitter: 0.2, lost: 'repeat' as const };
  return { ...defaults, ...(given as Partial<RetryPolicy>) };
}
