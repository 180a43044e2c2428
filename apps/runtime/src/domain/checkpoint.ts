import type { Json, JsonMap, Principal } from '@millrace/kernel';
import type { Effect, Ended, Outcome, Secrets, WriteRequest } from '@millrace/language';
import type { ReplyHead } from './reply';
import type { Run } from './run';
import type { StepRecord } from './records/step-record';
import { hasSecrets, sealed, unsealed } from './sealing';

/** An event a run has decided to tell, its payload still a value; otherwise as the log takes it. */
export interface EventDraft {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: string;
  /** Number of its declared schema; absent: none. */
  readonly version?: number;
  readonly time: number;
  readonly key?: string;
  readonly payload: JsonMap;
  readonly correlationId: string;
  readonly causationId: string;
  readonly hops: number;
  readonly actor: { readonly kind: Principal['kind']; readonly id: string; readonly onBehalfOf?: string };
  readonly source: Readonly<Record<string, string>>;
  readonly target?: { readonly user?: string; readonly session?: string; readonly topic?: string };
  /** `live`: the log does not have it. */
  readonly keep?: 'history' | 'log' | 'live';
  readonly traceparent?: string;
  /** Paths that were taken out of the payload. */
  readonly redacted?: readonly string[];
}

/** What a run has decided and nobody has seen yet. Told again after a crash it has no second effect: flushes and events have names. */
export interface Pending {
  /** The number under which the writes are flushed. */
  readonly flush: number;
  readonly writes: readonly WriteRequest[];
  readonly events: readonly EventDraft[];
}

export const NOTHING_PENDING: Pending = { flush: -1, writes: [], events: [] };

/** An effect that was asked for and has no outcome yet. */
export interface Outstanding {
  readonly effect: Effect;
  /** Of a write: its flush number, so that it is the same write when it is asked for again. */
  readonly flush?: number;
  /** Of a wait that was made known: which events are meant for it, whatever the run releases later. */
  readonly since?: Since;
}

/** Where the last release of a run was, as a position (`epoch-offset`), and the ids of the events its waits took since. */
export interface Since {
  readonly from: string;
  readonly taken: readonly string[];
}

/** Who is taking a run on, and until when nobody else should. Milliseconds since 1970. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** A run as it is kept while it goes on: enough to take it on anywhere. */
export interface Checkpoint {
  readonly v: 1;
  /** References stand in it where the run has secrets. */
  readonly sealed?: true;
  readonly run: Run;
  readonly status: 'running' | 'parked';
  /** Null as long as it has not begun. */
  readonly state: Json;
  /** What it begins with, as long as it has not. */
  readonly locals?: JsonMap;
  readonly outstanding: readonly Outstanding[];
  /** Outcomes that have come while nobody had the run in hand. */
  readonly inbox: readonly Outcome[];
  readonly pending: Pending;
  /** How many flushes there were: the number of the next. */
  readonly flushes: number;
  /** Position in the log (`epoch-offset`) of the last release: a wait looks for its event from here. */
  readonly from: string;
  /** Ids of the events that waits of this run took since: no other wait of it takes them again. */
  readonly taken: readonly string[];
  /** Ids of the events that woke it since it was parked: delivered again, they find it, for nobody else may come for it. */
  readonly wokenBy: readonly string[];
  /** Waits that time or its end has ended and that may still be known to others. */
  readonly overWaits: readonly string[];
  readonly steps: readonly StepRecord[];
  /** Milliseconds the run was taken on, waiting aside. */
  readonly active: number;
  /** Status and headers of its answer so far. */
  readonly head: ReplyHead;
  /** When it is to begin, if it is not yet. Milliseconds since 1970. */
  readonly beginAt?: number;
  /** It has ended so; what is pending is still to be told. */
  readonly ended?: Ended;
  /** Why it is to be ended at its next step, and by whom. */
  readonly cancel?: string;
  readonly lease?: Lease;
  /** What lives with its correlation is kept for it: that has to end with it. */
  readonly holds?: boolean;
  /** When the timer that will have it taken on is due; absent: there is none. */
  readonly timer?: number;
}

/** When a parked run has to be taken on at the latest, if no event does so before. */
export function earliestDue({ run, outstanding, beginAt = Infinity }: Pick<Checkpoint, 'run' | 'outstanding' | 'beginAt'>): number {
  return Math.min(run.deadline, beginAt, ...outstanding.map(({ effect }) => untilOf(effect) ?? Infinity));
}

/** The outcomes that time has brought: effects whose time is up, and the end of the run itself is not among them. */
export function dueOutcomes(outstanding: readonly Outstanding[], now: number): readonly Outcome[] {
  return outstanding.flatMap(({ effect }) => {
    const until = untilOf(effect);
    return until === undefined || until > now ? [] : [{ effect: effect.id, at: Math.max(until, now), value: null }];
  });
}

/** Until when a parking effect waits; undefined for effects that time does not end. */
export function untilOf(effect: Effect): number | undefined {
  switch (effect.kind) {
    case 'wait':
    case 'sleep':
      return effect.request.until;
    case 'approve':
      return Number(effect.request['until']);
    default:
      return undefined;
  }
}

/** A checkpoint as it may be kept: none of the secrets stands in it. By what is known of a run without them, it is found and taken on. */
export function sealedCheckpoint(checkpoint: Checkpoint, secrets: Secrets): Checkpoint {
  if (!hasSecrets(secrets)) return checkpoint;
  return { ...withContents(checkpoint, (content) => sealed(content, secrets)), sealed: true };
}

/** A checkpoint with the secrets in their places. */
export function unsealedCheckpoint({ sealed: isSealed, ...checkpoint }: Checkpoint, secrets: Secrets): Checkpoint {
  return isSealed === true ? withContents(checkpoint, (content) => unsealed(content, secrets)) : checkpoint;
}

/** The checkpoint with everything changed that may hold what the run has read: not its names, its times and what it waits for. */
function withContents(checkpoint: Checkpoint, change: (content: Json) => Json): Checkpoint {
  const changed = <T>(content: T): T => change(content as Json) as T;
  const { state, locals, outstanding, inbox, pending, steps, head, ended, ...names } = checkpoint;
  return {
    ...names,
    ...changed({ state, inbox, pending, steps, head }),
    ...(locals === undefined ? {} : changed({ locals })),
    ...(ended === undefined ? {} : changed({ ended })),
    outstanding: outstanding.map(({ effect, ...one }) => ({ ...one, effect: { ...effect, request: changed(effect.request) } as Effect })),
  };
}
