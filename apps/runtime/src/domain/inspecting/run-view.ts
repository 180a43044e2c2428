import type { Json } from '@millrace/kernel';
import { untilOf, type Outstanding } from '../checkpoint';
import type { Run, Trigger } from '../run';
import type { RunProblem, RunRecord } from '../records/run-record';
import type { StepRecord } from '../records/step-record';

/** `parked`: it waits, and nobody has it in hand. */
export type RunState = 'running' | 'parked' | RunRecord['outcome'];

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

/** A run that has ended. */
export function endedView(record: RunRecord, correlationId: string): RunView {
  const { run: id, automation, outcome: state, digest, trigger, startedAt, duration, error, reason, output, replayOf } = record;
  const failure = record.failure ?? (error === undefined ? undefined : { code: error });
  return {
    ...{ id, automation, state, digest, trigger, correlationId, startedAt, waitsFor: [] },
    endedAt: startedAt + duration,
    ...(failure === undefined ? {} : { error: failure }),
    ...(reason === undefined ? {} : { reason }),
    ...(output === undefined ? {} : { output }),
    ...(replayOf === undefined ? {} : { replayOf }),
  };
}
