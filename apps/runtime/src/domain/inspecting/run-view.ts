import type { Json, JsonMap } from '@millrace/kernel';
import { untilOf, type Outstanding } from '../checkpoint';
import type { Run, Trigger } from '../run';
import type { StepRecord } from '../step-record';

export const RUN_STATES = ['running', 'parked', 'succeeded', 'failed', 'cancelled'] as const;

/** `parked`: it waits, and nobody has it in hand. */
export type RunState = (typeof RUN_STATES)[number];

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

/** Something a run waits for. Times are milliseconds since 1970. */
export interface RunWait {
  readonly step: string;
  readonly kind: string;
  readonly automation: string;
  readonly line: number;
  readonly since?: number;
  readonly until?: number;
  readonly events: readonly string[];
  readonly title?: string;
}

/** A run as people see it. Times are milliseconds since 1970. */
export interface RunView {
  readonly id: string;
  readonly automation: string;
  readonly state: RunState;
  readonly digest: string;
  readonly trigger: Trigger;
  readonly correlationId: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly error?: RunProblem;
  readonly reason?: string;
  readonly output?: Json;
  readonly waitsFor: readonly RunWait[];
  readonly replayOf?: string;
}

/** A run that has not ended, as it stands. */
export interface LiveRun {
  readonly run: Run;
  readonly state: 'running' | 'parked';
  readonly outstanding: readonly Outstanding[];
  readonly steps: readonly StepRecord[];
  /** It is being put down: perhaps it has ended. */
  readonly resting: boolean;
}

/** As it stands. */
export function liveView({ run, state, outstanding, steps }: LiveRun): RunView {
  const { id, slug: automation, digest, trigger, correlationId, startedAt, replayOf } = run;
  const begun = new Map(steps.map(({ step, startedAt: since }) => [step, since]));
  return {
    ...{ id, automation, state, digest, trigger, correlationId, startedAt },
    waitsFor: outstanding.map((one) => waitOf(one, begun.get(one.effect.id))),
    ...(replayOf === undefined ? {} : { replayOf }),
  };
}

function waitOf({ effect }: Outstanding, since: number | undefined): RunWait {
  const { id: step, kind, place, request } = effect;
  const until = untilOf(effect);
  const title = kind === 'approve' ? request['title'] : undefined;
  return {
    ...{ step, kind, automation: place.automation, line: place.line },
    events: kind === 'wait' ? request.oneOf.map(({ event }) => event) : [],
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(typeof title === 'string' ? { title } : {}),
  };
}

/** A run that has ended, from its record (see `recordOf`). */
export function endedView(record: JsonMap, correlationId: string): RunView {
  const { run, automation, outcome, digest, trigger, startedAt, duration, failure, error, reason, output, replayOf } = record;
  return {
    ...{ id: String(run), automation: String(automation), state: outcome as RunState, digest: String(digest) },
    ...{ trigger: trigger as unknown as Trigger, correlationId, waitsFor: [] },
    startedAt: Number(startedAt),
    endedAt: Number(startedAt) + Number(duration),
    ...(outcome === 'failed' ? { error: (failure ?? { code: error }) as unknown as RunProblem } : {}),
    ...(reason === undefined ? {} : { reason: String(reason) }),
    ...(output === undefined ? {} : { output }),
    ...(replayOf === undefined ? {} : { replayOf: String(replayOf) }),
  };
}
