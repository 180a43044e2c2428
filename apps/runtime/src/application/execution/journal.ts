import type { Ids, JsonMap } from '@millrace/kernel';
import type { Effect, EmitRequest, Ended } from '@millrace/language';
import type { EventDraft } from '../../domain/checkpoint';
import { outcomeOf, recordOf } from '../../domain/run-record';
import { runPrincipal, type Run } from '../../domain/run';
import type { StepRecord } from '../../domain/step-record';

type EmitEffect = Extract<Effect, { kind: 'emit' }>;

/** Writes what a run tells the log. Ids derive from run and step, so a run that is done again tells nothing twice. */
export class Journal {
  constructor(private readonly ids: Ids) {}

  emit(run: Run, effect: EmitEffect, at: number): EventDraft {
    const { event: type, payload, target, options } = effect.request;
    const persist = options?.['persist'] !== false;
    return {
      ...envelope(run, effect.request.id, type, at),
      payload,
      source: { ...sourceOf(run), step: effect.id },
      keep: persist ? 'history' : 'log',
      ...targetOf(target),
    };
  }

  /** How the run ended: an `error` event when it failed, the record, and what the seed system tells. */
  end(run: Run, ended: Ended, steps: readonly StepRecord[], at: number): readonly EventDraft[] {
    const error = 'error' in ended ? [this.tell(run, 'error', { ...ended.error } as unknown as JsonMap, at)] : [];
    const record = recordOf(run, ended, steps, at);
    const executed = { slug: run.slug, trigger: { ...run.trigger }, duration: record['duration'] ?? 0, startedAt: run.startedAt };
    const output = 'output' in ended ? { output: ended.output, break: ended.break === true } : { error: outcomeOf(ended) };
    return [
      ...error,
      this.tell(run, FINISHED, record, at),
      { ...this.tell(run, 'runtime.automations.executed', { ...executed, ...output }, at), keep: 'log' },
    ];
  }

  private tell(run: Run, type: string, payload: JsonMap, at: number): EventDraft {
    return { ...envelope(run, this.ids.derive('evt', run.id, type), type, at), payload, source: sourceOf(run) };
  }
}

/** Type of the event that says how a run ended: there is one for each run that has. */
export const FINISHED = 'runtime.runs.finished';

/** The types of what is told when a run ends. */
export const END_EVENTS: readonly string[] = [FINISHED, 'runtime.automations.executed', 'error'];

function envelope(run: Run, id: string, type: string, at: number) {
  const { workspaceId, correlationId, causationId, depth, key, session, traceparent } = run;
  const { kind, id: actor, onBehalfOf } = runPrincipal(run);
  const order = session ?? key;
  return {
    id,
    workspaceId,
    type,
    time: at,
    correlationId,
    causationId,
    hops: depth,
    actor: { kind, id: actor, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
    ...(order === undefined ? {} : { key: order }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
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
