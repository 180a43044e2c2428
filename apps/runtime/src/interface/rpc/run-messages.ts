import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { RunSchema, RunStepSchema } from '@millrace/contracts';
import { placeOf, type ComparisonPage } from '../../application/inspecting/runs/compare-runs';
import type { RunView } from '../../application/inspecting/runs/list-runs';
import type { StepsPage } from '../../application/inspecting/runs/show-run';
import { jsonField, timeField } from './json';

/** A run as callers see it. */
export function runMessage(view: RunView): MessageInitShape<typeof RunSchema> {
  const { startedAt, endedAt, output, error, waitsFor, replayOf = '', reason = '', trigger, ...run } = view;
  return {
    ...{ ...run, reason, replayOf, trigger: { ...trigger }, waitsFor: waitsFor.map(waitMessage) },
    startedAt: timestampFromMs(startedAt),
    ...timeField('endedAt', endedAt),
    ...(endedAt === undefined ? {} : { duration: BigInt(endedAt - startedAt) }),
    ...(error === undefined ? {} : { error: { ...error } }),
    ...jsonField('output', output),
  };
}

/** A step of a run as callers see it. */
export function stepMessage(step: StepsPage['items'][number]): MessageInitShape<typeof RunStepSchema> {
  const { startedAt, endedAt, input, output, error, attempts = 1, ...rest } = step;
  return {
    ...{ ...rest, attempts },
    startedAt: timestampFromMs(startedAt),
    ...timeField('endedAt', endedAt),
    ...jsonField('input', input),
    ...jsonField('output', output),
    ...(error === undefined ? {} : { error: { ...error } }),
  };
}

/** A step of two runs as callers see it. */
export function comparedMessage(compared: ComparisonPage['items'][number]) {
  const { run, other, differences } = compared;
  return {
    ...{ step: placeOf(compared), differences: [...differences] },
    ...(run === undefined ? {} : { run: stepMessage(run) }),
    ...(other === undefined ? {} : { other: stepMessage(other) }),
  };
}

function waitMessage({ since, until, events, title = '', ...wait }: RunView['waitsFor'][number]) {
  return { ...wait, title, events: [...events], ...timeField('since', since), ...timeField('until', until) };
}
