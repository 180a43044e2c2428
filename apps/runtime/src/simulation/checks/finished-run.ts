import { isNativeType, type Json, type JsonMap } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { FINISHED } from '../../application/execution/journal';
import { eventLocals } from '../../application/starting/event-locals';
import { outcomeOf } from '../../domain/records/run-record';
import type { Begun } from '../world/notes';
import type { Evidence } from '../world/play';
import { Replay, stepsOf, type Execution } from './replay';

/** A run that has ended, as the world has seen it. */
export interface FinishedRun {
  readonly id: string;
  /** `runtime.runs.finished`. */
  readonly record: JsonMap;
  /** What it gave, as `runtime.automations.executed` says. */
  readonly output: Json | undefined;
  /** What its automation emitted, as the log has it, in the order of the log. */
  readonly told: readonly LoggedEvent[];
  /** The ways it can have gone; none: nothing would have told this. More than one: when exactly it was ended from outside, is not known. */
  readonly executions: readonly Execution[];
}

/** Codes of runs that were ended from outside. */
const CUT = new Set<Json | undefined>(['runtime.run_timeout', 'runtime.run_limit', 'runtime.busy']);

/** The runs that have ended, each with the one way it can have gone. */
export function finishedRuns(evidence: Evidence): readonly FinishedRun[] {
  const byRun = Map.groupBy(evidence.events, ({ source }) => source.run ?? '');
  return evidence.events
    .filter(({ type }) => type === FINISHED)
    .map((event) => finishedRun(evidence, event, byRun.get(event.source.run ?? '') ?? []));
}

function finishedRun(evidence: Evidence, event: LoggedEvent, events: readonly LoggedEvent[]): FinishedRun {
  const record = payloadOf(event);
  const executed = events.find(({ type }) => type === 'runtime.automations.executed');
  const seen = {
    id: event.source.run ?? '',
    record,
    output: executed === undefined ? undefined : payloadOf(executed)['output'],
    told: events.filter(({ source, type }) => source.step !== undefined && !isNativeType(type)),
  };
  return { ...seen, executions: executionsOf(evidence, seen) };
}

function executionsOf({ playing: { plan }, begun, loaded }: Evidence, run: Omit<FinishedRun, 'executions'>): readonly Execution[] {
  const { record, id } = run;
  const isCut = record['outcome'] === 'cancelled' || CUT.has(record['error']);
  const byWrites = new Map<string, Execution>();
  for (const one of different(begun.get(id) ?? [], record)) {
    for (const execution of new Replay({ plan, begun: one, steps: stepsOf(record), isCut, loaded }).executions()) {
      if (!isWhatWasSeen(execution, run, isCut)) continue;
      if (!isCut) return [execution];
      byWrites.set(JSON.stringify(execution.writes), execution);
    }
  }
  return [...byWrites.values()];
}

/** The beginnings that the record may be of: somebody may have called twice. */
function different(begun: readonly Begun[], record: JsonMap): readonly Begun[] {
  const possible = begun.filter(({ run }) => run.startedAt === record['startedAt']);
  return [...new Map(possible.map((one) => [JSON.stringify(one.locals), one])).values()];
}

function isWhatWasSeen({ emits, ended }: Execution, { told, record, output }: Omit<FinishedRun, 'executions'>, isCut: boolean): boolean {
  const byId = new Map(told.map((event) => [event.id, event]));
  const isTold = emits.length === told.length && emits.every(({ id, event, payload }) => isSame(byId.get(id), event, payload));
  if (!isTold || ended === undefined) return isTold && isCut;
  if (outcomeOf(ended) !== record['outcome']) return false;
  if ('error' in ended) return ended.error.code === record['error'];
  return !('output' in ended) || JSON.stringify(ended.output) === JSON.stringify(output);
}

function isSame(event: LoggedEvent | undefined, type: string, payload: JsonMap): boolean {
  return event?.type === type && JSON.stringify(payloadOf(event)) === JSON.stringify(payload);
}

export function payloadOf(event: LoggedEvent): JsonMap {
  return eventLocals(event).payload;
}
