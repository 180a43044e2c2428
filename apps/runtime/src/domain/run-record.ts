import type { Json, JsonMap } from '@millrace/kernel';
import type { Ended } from '@millrace/language';
import type { Run } from './run';
import type { StepRecord } from './step-record';

const LARGEST = 64 * 1024;
const LARGEST_VALUE = 8 * 1024;

/** In a word. */
export function outcomeOf(ended: Ended): 'succeeded' | 'failed' | 'cancelled' {
  return 'error' in ended ? 'failed' : 'cancelled' in ended ? 'cancelled' : 'succeeded';
}

/** What is kept of a run that has ended: at most 64 KiB, larger values and then the oldest steps give way. */
export function recordOf(run: Run, ended: Ended, steps: readonly StepRecord[], at: number): JsonMap {
  const { id, slug, digest, trigger, startedAt, replayOf } = run;
  const record: JsonMap = {
    run: id,
    automation: slug,
    digest,
    trigger: { ...trigger },
    outcome: outcomeOf(ended),
    startedAt,
    duration: Math.max(0, at - startedAt),
    ...('error' in ended ? { error: ended.error.code } : {}),
    ...('cancelled' in ended && ended.reason !== undefined ? { reason: ended.reason } : {}),
    ...(replayOf === undefined ? {} : { replayOf }),
  };
  return steps.length === 0 ? record : { ...record, ...fitting(steps.map(capped)) };
}

function capped(step: StepRecord): JsonMap {
  const { input, output, ...rest } = step;
  return {
    ...(rest as unknown as JsonMap),
    ...(input === undefined ? {} : { input: short(input) }),
    ...(output === undefined ? {} : { output: short(output) }),
  };
}

function short(value: Json): Json {
  const size = JSON.stringify(value).length;
  return size <= LARGEST_VALUE ? value : { omitted: 'too large', size };
}

function fitting(steps: readonly JsonMap[]): JsonMap {
  let size = 0;
  const kept = steps.toReversed().filter((step) => (size += JSON.stringify(step).length) <= LARGEST);
  const omitted = steps.length - kept.length;
  return { steps: kept.toReversed(), ...(omitted === 0 ? {} : { omittedSteps: omitted }) };
}
