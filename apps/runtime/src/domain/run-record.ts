import type { Json, JsonMap } from '@millrace/kernel';
import type { Ended, Failure } from '@millrace/language';
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
  const { id, slug, digest, trigger, startedAt, startedBy, begin, replayOf } = run;
  const record: JsonMap = {
    run: id,
    automation: slug,
    digest,
    trigger: { ...trigger },
    outcome: outcomeOf(ended),
    startedAt,
    duration: Math.max(0, at - startedAt),
    ...('output' in ended ? { output: short(ended.output) } : {}),
    ...('error' in ended ? { error: ended.error.code, failure: placeOf(ended.error) } : {}),
    ...('cancelled' in ended && ended.reason !== undefined ? { reason: ended.reason } : {}),
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(begin === undefined ? {} : { begin }),
    ...(replayOf === undefined ? {} : { replayOf }),
  };
  return steps.length === 0 ? record : { ...record, ...fitting(steps.map(capped), LARGEST - sizeOf(record)) };
}

/** What went wrong, and where; the source around it is to be had from the version. */
function placeOf({ code, message, automation, step, file, line, column }: Failure): JsonMap {
  const place = { automation, step, file, line, column };
  const known = Object.entries(place).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return { code, message, ...Object.fromEntries(known) };
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
  const size = sizeOf(value);
  return size <= LARGEST_VALUE ? value : { omitted: 'too large', size };
}

/** The last steps, as many as there is room for. */
function fitting(steps: readonly JsonMap[], room: number): JsonMap {
  let size = 0;
  const kept = steps.toReversed().filter((step) => (size += sizeOf(step) + 1) <= room);
  const omitted = steps.length - kept.length;
  return { steps: kept.toReversed(), ...(omitted === 0 ? {} : { omittedSteps: omitted }) };
}

/** In UTF-8 bytes, as JSON. */
function sizeOf(value: Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
