import type { Json, JsonMap } from '@millrace/kernel';
import type { StepRecord } from '../records/step-record';
import { expected, isMap, isShortened } from './captured-value';

/** What the steps of a run come to in a flow test: answers of what is outside, what arrived while it waited, what it told. */
export interface CapturedSteps {
  readonly mocks: readonly JsonMap[];
  readonly steps: readonly JsonMap[];
  readonly emits: readonly JsonMap[];
  /** What the record does not tell. */
  readonly notes: readonly string[];
}

const NOTHING: CapturedSteps = { mocks: [], steps: [], emits: [], notes: [] };

/** What a step of a run comes to in a flow test. */
export function capturedSteps(steps: readonly StepRecord[]): CapturedSteps {
  const parts = steps.map(capturedStep);
  return {
    mocks: parts.flatMap(({ mocks }) => mocks),
    steps: parts.flatMap((part) => part.steps),
    emits: parts.flatMap(({ emits }) => emits),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** What answers a step of a kind from outside, named as mocks name it. */
const MOCKS: Readonly<Record<string, (request: JsonMap) => JsonMap>> = {
  fetch: (request) => ({ fetch: addressOf(request) }),
  action: ({ name = {} }) => ({ action: name }),
  module: ({ module = {} }) => ({ run: module }),
  auth: () => ({ auth: {} }),
};

function capturedStep(step: StepRecord): CapturedSteps {
  const { kind, line, input = null, output = null } = step;
  const isWhole = !isShortened(input) && !isShortened(output);
  const notes = isWhole ? [] : [`The ${kind} of line ${line} is not whole: what was asked or came of it was too large to keep.`];
  const request = isMap(input) ? input : {};
  const mock = MOCKS[kind];
  if (mock !== undefined) return { ...NOTHING, mocks: [{ ...mock(request), ...answerOf(step) }], notes };
  switch (kind) {
    case 'approve':
      return output === null ? NOTHING : { ...NOTHING, mocks: [approved(request, step)], notes };
    case 'wait':
      return waited(step, notes);
    case 'emit':
      return isWhole ? { ...NOTHING, emits: [emitted(request)] } : { ...NOTHING, notes };
    default:
      return NOTHING;
  }
}

function approved({ title = {} }: JsonMap, step: StepRecord): JsonMap {
  return { approve: title, ...answerOf(step), ...lateBy(step) };
}

/** Of the request as flow tests see it: the address without a query that is written apart. */
function addressOf({ url, method, query }: JsonMap): Json {
  const verb = (typeof method === 'string' ? method : 'get').toUpperCase();
  return typeof url === 'string' && !isMap(query) ? `${verb} ${url}` : { method: verb };
}

/** Each answer is given once: the next request of its kind has the next one. */
function answerOf({ output = null, error }: StepRecord): JsonMap {
  return error === undefined ? { reply: output, times: 1 } : { error: { ...error }, times: 1 };
}

function waited(step: StepRecord, notes: readonly string[]): CapturedSteps {
  const { output = null, line } = step;
  if (!isMap(output)) return { ...NOTHING, notes: [`The wait of line ${line} ended by time: the events of later waits may reach it.`] };
  const { type = '', payload = {} } = output;
  return { ...NOTHING, steps: [{ expect: { waits: 'wait' } }, { event: { type, payload }, ...lateBy(step) }], notes };
}

function lateBy({ startedAt, endedAt = startedAt }: StepRecord): JsonMap {
  return { after: `${endedAt - startedAt}ms` };
}

function emitted({ event = '', payload = {} }: JsonMap): JsonMap {
  return { type: event, payload: expected(payload) };
}
