import { compileFilter, type Filter } from '@millrace/language';
import type { Trigger } from '../run';
import { liveFields, ofRecords } from './run-where';
import type { LiveRun, RunState } from './run-view';

/** Which runs are wanted; what is absent or empty does not matter. Times are milliseconds since 1970, of the start. */
export interface RunFilter {
  readonly automation?: string;
  readonly states: readonly RunState[];
  readonly trigger?: Trigger['type'];
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly to?: number;
  /** See `runWhere`. */
  readonly where?: Filter;
}

const LIVE: readonly RunState[] = ['running', 'parked'];

/** Whether runs that go on may be among the wanted, and runs that have ended. */
export function wantedOf({ states }: RunFilter): { readonly live: boolean; readonly ended: boolean } {
  if (states.length === 0) return { live: true, ended: true };
  return { live: states.some((state) => LIVE.includes(state)), ended: states.some((state) => !LIVE.includes(state)) };
}

/** Whether a run that goes on is wanted. */
export function fitting(filter: RunFilter): (live: LiveRun) => boolean {
  const { where } = filter;
  if (where === undefined) return (live) => fits(filter, live);
  const holds = compileFilter(where);
  return (live) => fits(filter, live) && holds(liveFields(live));
}

function fits({ automation, states, trigger, from, to }: RunFilter, { run, state }: LiveRun): boolean {
  return (
    (automation === undefined || run.slug === automation) &&
    (states.length === 0 || states.includes(state)) &&
    (trigger === undefined || run.trigger.type === trigger) &&
    (from === undefined || run.startedAt >= from) &&
    (to === undefined || run.startedAt < to)
  );
}

/** The same question to the records of runs that have ended; undefined: all of them are wanted. */
export function recordFilter({ automation, states, trigger, from, to, where }: RunFilter): Filter | undefined {
  const filters: Filter[] = [];
  if (automation !== undefined) filters.push({ op: '=', field: 'payload.automation', value: automation });
  if (states.length > 0) filters.push({ op: 'in', field: 'payload.outcome', values: states });
  if (trigger !== undefined) filters.push({ op: '=', field: 'payload.trigger.type', value: trigger });
  if (from !== undefined) filters.push({ op: '>=', field: 'payload.startedAt', value: from });
  if (to !== undefined) filters.push({ op: '<', field: 'payload.startedAt', value: to });
  if (where !== undefined) filters.push(ofRecords(where));
  return filters.length === 0 ? undefined : { op: 'and', filters };
}
