import type { Json } from '@millrace/kernel';
import type { Effect, Outcome } from '@millrace/language';

/** One step of a run as it is kept: what was asked, what came of it, when. Times are milliseconds since 1970. */
export interface StepRecord {
  /** The place of the step in the run. */
  readonly step: string;
  readonly kind: string;
  readonly automation: string;
  readonly line: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly input?: Json;
  readonly output?: Json;
  readonly error?: { readonly code: string; readonly message: string };
  /** More than one: it was tried again. */
  readonly attempts?: number;
}

/** A step that has begun. */
export function stepBegun({ id, kind, place, request }: Effect, now: number): StepRecord {
  return { step: id, kind, automation: place.automation, line: place.line, startedAt: now, input: request as unknown as Json };
}

/** The step with what came of it. */
export function stepEnded(step: StepRecord, { at, value, error }: Outcome): StepRecord {
  if (error !== undefined) return { ...step, endedAt: at, error: { code: error.code, message: error.message ?? '' } };
  return { ...step, endedAt: at, output: value ?? null };
}
