import { isId, type JsonMap, type Principal } from '@millrace/kernel';
import type { Region, RetryPolicy } from '@millrace/language';
import type { Replay } from './replay';

/** What started a run: the name of the event, the path of the endpoint, the schedule as written, the automation tested. */
export interface Trigger {
  readonly type: 'event' | 'endpoint' | 'schedule' | 'test';
  readonly value: string;
  /** Of the event or request. */
  readonly id: string;
}

/** The limit that runs of one automation share which have the same key. */
export interface Gate {
  /** Empty when there is none. */
  readonly key: string;
  readonly limit: number;
  readonly policy: 'queue' | 'skip' | 'reject' | 'cancel';
}

/** How a run that failed is begun again. Durations are in milliseconds. */
export interface Retry {
  /** Which attempt this one is, from 1. */
  readonly attempt: number;
  readonly policy: RetryPolicy;
}

/** One execution of an automation, from its start on. */
export interface Run {
  readonly id: string;
  readonly workspaceId: string;
  /** Digest of the version it runs on; `draft` for a test of the draft. */
  readonly digest: string;
  readonly slug: string;
  readonly trigger: Trigger;
  readonly correlationId: string;
  /** The event or request that caused it. */
  readonly causationId: string;
  /** Automations passed since the root, this one included. */
  readonly depth: number;
  /** Who caused it; undefined: nobody, such as a schedule. */
  readonly causedBy?: Principal;
  readonly session?: string;
  /** Ordering key of what it emits. */
  readonly key?: string;
  readonly traceparent?: string;
  /** Milliseconds since 1970; for a run that an event started, when the log accepted it, so that a repeat is the same run. */
  readonly startedAt: number;
  /** When it is ended with `runtime.run_timeout`, whatever it waits for. Milliseconds since 1970. */
  readonly deadline: number;
  readonly priority: 'low' | 'normal' | 'high';
  /** What is kept of it: with its steps, without, only if it failed, nothing. */
  readonly record: 'full' | 'summary' | 'errors' | 'none';
  /** How often it may be begun again, as another run, after an error that nothing took in. */
  readonly retry?: Retry;
  /** How many runs like it may go on at once, parked ones included. */
  readonly gate?: Gate;
  /** Position (`epoch-offset`) of the event that started it: whoever delivers that event again finds this run. Absent: nobody will. */
  readonly startedBy?: string;
  /** Its event does not wait for it, so that it goes on beside others of the same key: it has to be kept before the event is done. */
  readonly detached?: true;
  /** Under which its answer is kept for whoever was told to come back. */
  readonly resultToken?: string;
  /** The same answer has to be given to the same request: it is kept, told to come back or not. */
  readonly keyed?: true;
  /** What becomes of events it emits that nobody declares; absent: they are published like any other. */
  readonly unknownEvents?: 'warn' | 'refuse';
  /** The zone and language of its workspace when it began, where its version says nothing of them. */
  readonly region?: Region;
  /** What it began with, as far as nobody else could tell who is to begin it again. */
  readonly begin?: JsonMap;
  /** Run that this one repeats. */
  readonly replayOf?: string;
  /** What of it is not done again. */
  readonly replay?: Replay;
}

/** A run among those of all workspaces. */
export type RunName = Pick<Run, 'workspaceId' | 'id'>;

/** Under which a run is kept, and by which its timers and places are known: the runs of a workspace lie together. */
export function runKey({ workspaceId, id }: RunName): string {
  return `${workspaceId}/${id}`;
}

/** The run that a key is of. */
export function runOfKey(key: string): RunName {
  const [workspaceId = '', id = ''] = key.split('/');
  return { workspaceId, id };
}

/** Names from which the id of a run started by an event derives: the event seen again finds the same run. */
export function runNames(eventId: string, workspaceId: string, slug: string): readonly string[] {
  return ['event', eventId, workspaceId, slug];
}

/** The id of the event that tells how a run ended: the run's own, so that ends lie by time where the runs do. */
export function idOfEnd(run: string): string {
  return `evt_${run.slice(run.indexOf('_') + 1)}`;
}

/** What the keys of the blobs begin with that a run has fetched. */
export function fetchedBy({ workspaceId, id }: Pick<Run, 'workspaceId' | 'id'>): string {
  return `${workspaceId}/fetched/${id}/`;
}

/** Who a run is, when it emits or calls: the automation, for whoever caused it. */
export function runPrincipal(run: Run): Principal {
  const onBehalfOf = run.causedBy === undefined ? undefined : personBehind(run.causedBy);
  return {
    kind: 'automation',
    id: run.slug,
    roles: [],
    workspace: run.workspaceId,
    ...(run.session === undefined ? {} : { session: run.session }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}

/** Whose rights count for what a run calls: whoever caused it; the automation alone where nobody did. */
export function callerOf(run: Run): Principal {
  const { causedBy } = run;
  if (causedBy === undefined) return runPrincipal(run);
  const { onBehalfOf } = causedBy;
  return onBehalfOf === undefined ? causedBy : { kind: isId('key', onBehalfOf) ? 'key' : 'user', id: onBehalfOf, roles: [] };
}

/** The id of whom a principal stands for; undefined for somebody unknown. */
function personBehind({ kind, id, onBehalfOf }: Principal): string | undefined {
  return onBehalfOf ?? (kind === 'anonymous' ? undefined : id);
}

/** Whether nobody known caused a run, so that what it keeps for its session does not last. */
export function isAnonymous({ causedBy }: Run): boolean {
  return causedBy === undefined || personBehind(causedBy) === undefined;
}
