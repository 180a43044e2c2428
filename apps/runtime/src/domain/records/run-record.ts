import type { Json, JsonMap } from '@millrace/kernel';
import type { Ended, Failure } from '@millrace/language';
import { withoutCredentials } from './credentials';
import type { Run, Trigger } from '../run';
import type { StepRecord } from './step-record';

const LARGEST = 64 * 1024;
const LARGEST_VALUE = 8 * 1024;

/** What is kept of a run that has ended. Times are milliseconds since 1970. */
export interface RunRecord {
  readonly run: string;
  readonly automation: string;
  readonly digest: string;
  readonly trigger: Trigger;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly startedAt: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly output?: Json;
  /** The code of what went wrong. */
  readonly error?: string;
  readonly failure?: RunProblem;
  /** Why it was cancelled. */
  readonly reason?: string;
  /** See `Run`. */
  readonly startedBy?: string;
  readonly begin?: JsonMap;
  readonly replayOf?: string;
  readonly steps?: readonly StepRecord[];
  /** How many of the oldest steps were not kept. */
  readonly omittedSteps?: number;
}

/** Why a run failed, and where. */
export interface RunProblem {
  readonly code: string;
  readonly message?: string;
  readonly automation?: string;
  readonly step?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** In a word. */
export function outcomeOf(ended: Ended): 'succeeded' | 'failed' | 'cancelled' {
  return 'error' in ended ? 'failed' : 'cancelled' in ended ? 'cancelled' : 'succeeded';
}

/** The `RunRecord` of a run, as it is told: at most 64 KiB, larger values and then the oldest steps give way. */
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
    ...(input === undefined ? {} : { input: short(step.kind === 'fetch' ? withoutCredentials(input) : input) }),
    ...(output === undefined ? {} : { output: short(output) }),
  };
}

/** A value as it is shown: one of more than 8 KiB gives way to its size. */
export function short(value: Json): Json {
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
