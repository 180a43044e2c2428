import type { Ids, JsonMap } from '@millrace/kernel';
import { withoutSecrets, type Effect, type EmitRequest, type Ended, type Limits, type Outcome, type Plan } from '@millrace/language';
import type { EventDraft } from '../../domain/checkpoint';
import { isNearly, usedBy, type Use } from '../../domain/nearly';
import { failedFetch } from '../../domain/records/failed-fetch';
import { refusedFetch } from '../../domain/records/refused-fetch';
import { outcomeOf, recordOf } from '../../domain/records/run-record';
import { idOfEnd, runPrincipal, type Run } from '../../domain/run';
import { LIMITS_REACHED } from '../limit-news';
import type { Progress } from './keeping/progress';

type EmitEffect = Extract<Effect, { kind: 'emit' }>;

interface Violated {
  readonly type: string;
  /** 0: of no number. */
  readonly version: number;
  readonly problems: NonNullable<EmitRequest['violations']>;
}

interface Ending {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** A repeat of the run would not be the same: everybody has to know that it has ended. */
  readonly mustBeKnown: boolean;
  /** An automation of the workspace may wait for what the seed system tells of an execution. */
  readonly isAwaited: boolean;
  /** What the run might have used up. */
  readonly limits: Limits;
}

/** Writes what a run tells the log. Ids derive from run and step, so a run that is done again tells nothing twice. */
export class Journal {
  /** Warnings that were told: the log knows for a few minutes only that it has them. */
  private readonly warned = new Set<string>();

  /** `tellsExecutions`: what the seed system tells of an execution is told of every recorded run, whether or not an automation may wait for it. */
  constructor(
    private readonly ids: Ids,
    private readonly tellsExecutions = false,
    private readonly onNear?: (limit: string) => void,
  ) {}

  /** What a run emits; and, where it does not fit what is declared of it, that it does not: once a minute, type and version. */
  emit(run: Run, effect: EmitEffect, at: number): readonly EventDraft[] {
    const { event: type, payload, target, options, version, key, redacted, violations } = effect.request;
    const event: EventDraft = {
      ...envelope(run, effect.request.id, type, at),
      ...(key === undefined ? orderOf(run) : { key }),
      payload,
      source: { ...sourceOf(run), ...appOf(effect.request), step: effect.id },
      keep: keepOf(options),
      ...targetOf(target),
      ...(version === undefined ? {} : { version }),
      ...(redacted === undefined ? {} : { redacted }),
    };
    return violations === undefined ? [event] : [event, this.violated(run, { type, version: version ?? 0, problems: violations }, at)];
  }

  /** Whoever tells it in the same minute gives it the same id, and the log keeps one. */
  private violated(run: Run, { type, version, problems }: Violated, at: number): EventDraft {
    const minute = String(Math.floor(at / MINUTE));
    const id = this.ids.derive('evt', run.workspaceId, VIOLATED, type, String(version), minute);
    const told = problems.slice(0, MOST_TOLD).map(({ pointer, detail }) => ({ pointer, detail }));
    return { ...envelope(run, id, VIOLATED, at), payload: { type, version, problems: told }, source: sourceOf(run) };
  }

  /**
   * How the run ended: an `error` event when it failed, the record, and what the seed system tells where it is heard. Of a run that is not recorded nothing but
   * the error, unless `mustBeKnown`: then the log has it and history does not. Nowhere stands what the run keeps secret.
   */
  end(progress: Progress, ended: Ended, ending: Ending): readonly EventDraft[] {
    const told = this.endings(progress, ended, ending);
    return told.map((event) => ({ ...event, payload: withoutSecrets(event.payload, progress.state) as JsonMap }));
  }

  private endings(progress: Progress, ended: Ended, ending: Ending): readonly EventDraft[] {
    if (progress.run.replay?.effects === 'blocked') return [];
    return [...this.outcome(progress, ended, ending), ...this.nearly(progress, ending)];
  }

  /** The limits of which it has used up more than four fifths: each once an hour, automation and process, whichever of its runs tells it first. */
  private nearly({ run, state }: Progress, { at, limits }: Ending): readonly EventDraft[] {
    const { instructions, effects } = usedBy(state);
    const uses: readonly Use[] = [
      { limit: 'instructions', used: instructions, most: limits.instructions },
      { limit: 'effects', used: effects, most: limits.effects },
    ];
    return uses.filter(isNearly).flatMap((use) => {
      const id = this.ids.derive('evt', run.workspaceId, LIMITS_REACHED, run.slug, use.limit, String(Math.floor(at / HOUR)));
      if (this.warned.has(id)) return [];
      if (this.warned.size >= MOST_WARNED) this.warned.clear();
      this.warned.add(id);
      this.onNear?.(use.limit);
      return [{ ...envelope(run, id, LIMITS_REACHED, at), payload: { ...use, automation: run.slug }, source: sourceOf(run) }];
    });
  }

  private outcome(progress: Progress, ended: Ended, { at, mustBeKnown, isAwaited }: Ending): readonly EventDraft[] {
    const { run } = progress;
    const failed = 'error' in ended;
    const error = failed ? [this.tell(run, 'error', { ...ended.error }, at)] : [];
    const isRecorded = run.record === 'errors' ? failed : run.record !== 'none';
    if (!isRecorded && !mustBeKnown) return error;
    const record = recordOf(run, ended, run.record === 'full' ? progress.record() : [], at);
    const finished = { ...this.tell(run, FINISHED, record, at), id: idOfEnd(run.id) };
    if (!isRecorded) return [...error, { ...finished, keep: 'log' }];
    const told = [...error, finished];
    return isAwaited || this.tellsExecutions ? [...told, this.executed(run, ended, at)] : told;
  }

  /** That fetches have failed, or were kept from a host by the workspace, as far as these outcomes are theirs; without what the run keeps secret. */
  failures(plan: Plan, progress: Progress, outcomes: readonly Outcome[]): readonly EventDraft[] {
    if (progress.run.replay?.effects === 'blocked') return [];
    return outcomes.flatMap((outcome) => {
      const step = progress.stepOf(outcome.effect);
      if (step === undefined) return [];
      return [
        ...this.ofFetch(progress, outcome, FETCH_FAILED, failedFetch(step, outcome)),
        ...this.ofFetch(progress, outcome, EGRESS_REFUSALS, refusedFetch(plan, step, outcome)),
      ];
    });
  }

  /** `payload` undefined: there is nothing to tell. */
  private ofFetch({ run, state }: Progress, { effect, at }: Outcome, type: string, payload?: JsonMap): readonly EventDraft[] {
    if (payload === undefined) return [];
    const told = { payload: withoutSecrets(payload, state) as JsonMap, source: { ...sourceOf(run), step: effect } };
    return [{ ...envelope(run, this.ids.derive('evt', run.id, effect, type), type, at), ...told }];
  }

  private executed(run: Run, ended: Ended, at: number): EventDraft {
    const { slug, trigger, startedAt } = run;
    const result = 'output' in ended ? { output: ended.output, break: ended.break === true } : { error: outcomeOf(ended) };
    const payload = { slug, trigger: { ...trigger }, startedAt, duration: Math.max(0, at - startedAt), ...result };
    return { ...this.tell(run, 'runtime.automations.executed', payload, at), keep: 'log' };
  }

  private tell(run: Run, type: string, payload: JsonMap, at: number): EventDraft {
    return { ...envelope(run, this.ids.derive('evt', run.id, type), type, at), payload, source: sourceOf(run) };
  }
}

/** Type of the event that says how a run ended: there is one for each run that has. */
export const FINISHED = 'runtime.runs.finished';

/** Type of the event that tells of events of runs that do not fit what is declared of them. */
const VIOLATED = 'runtime.types.violated';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST_TOLD = 20;
const MOST_WARNED = 10_000;

const FETCH_FAILED = 'runtime.fetch.failed';
const EGRESS_REFUSALS = 'runtime.egress.refused';

/** The types of what is told when a run ends. */
export const END_EVENTS: readonly string[] = [FINISHED, 'runtime.automations.executed', 'error', LIMITS_REACHED];

function envelope(run: Run, id: string, type: string, at: number) {
  const { workspaceId, correlationId, causationId, depth, traceparent } = run;
  const { kind, id: actor, onBehalfOf } = runPrincipal(run);
  return {
    id,
    workspaceId,
    type,
    time: at,
    correlationId,
    causationId,
    hops: depth,
    actor: { kind, id: actor, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** What a run emits keeps the order of what started it; what is told of the run itself waits behind nothing. */
function orderOf({ key, session }: Run): Pick<EventDraft, 'key'> {
  const order = key ?? session;
  return order === undefined ? {} : { key: order };
}

function sourceOf({ id, slug, session, trigger, replayOf }: Run) {
  return {
    service: 'runtime',
    automation: slug,
    run: id,
    ...(session === undefined ? {} : { session }),
    ...(trigger.type === 'endpoint' ? { endpoint: trigger.value } : {}),
    ...(replayOf === undefined ? {} : { replayOf }),
  };
}

/** The app whose automation emits: a run may call into several. */
function appOf({ source: { appSlug } }: EmitRequest): { readonly app?: string } {
  return typeof appSlug === 'string' ? { app: appSlug } : {};
}

/** `keep` says it; the older `persist` says no more than whether the history has it. */
function keepOf(options: EmitRequest['options']): NonNullable<EventDraft['keep']> {
  const keep = options?.['keep'];
  if (keep === 'log' || keep === 'live') return keep;
  return keep === undefined && options?.['persist'] === false ? 'log' : 'history';
}

function targetOf(target: EmitRequest['target']): Pick<EventDraft, 'target'> {
  if (target === undefined) return {};
  const { userId, sessionId, userTopic } = target;
  return {
    target: {
      ...(userId === undefined ? {} : { user: userId }),
      ...(sessionId === undefined ? {} : { session: sessionId }),
      ...(userTopic === undefined ? {} : { topic: userTopic }),
    },
  };
}
