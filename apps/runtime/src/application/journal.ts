import type { Ids } from '@millrace/kernel';
import type { Effect, EmitRequest, Ended } from '@millrace/language';
import type { EventLog, NewEvent } from '@millrace/messaging';
import { runPrincipal, type Run } from '../domain/run';

type EmitEffect = Extract<Effect, { kind: 'emit' }>;

const encoder = new TextEncoder();

/**
 * What a run tells the log. Emits are gathered and appended in order before anything that depends on them leaves the run; their ids
 * derive from run and step, so a run that is done again tells nothing twice.
 */
export class Journal {
  private pending: NewEvent[] = [];

  constructor(
    private readonly run: Run,
    private readonly eventLog: EventLog,
    private readonly ids: Ids,
  ) {}

  emit(effect: EmitEffect, at: number): void {
    const { event: type, payload, target, options } = effect.request;
    const persist = options?.['persist'] !== false;
    this.pending.push({
      ...this.envelope(effect.request.id, type, at),
      payload: encoder.encode(JSON.stringify(payload)),
      source: { ...this.source(), step: effect.id },
      keep: persist ? 'history' : 'log',
      ...targetOf(target),
    });
  }

  /** How the run ended, and an `error` event when it failed. */
  end(ended: Ended, at: number): void {
    const { id, slug, digest, trigger, startedAt } = this.run;
    const outcome = 'error' in ended ? 'failed' : 'cancelled' in ended ? 'cancelled' : 'succeeded';
    const record = {
      run: id,
      automation: slug,
      digest,
      trigger: { ...trigger },
      outcome,
      startedAt,
      duration: Math.max(0, at - startedAt),
    };
    if ('error' in ended) this.tell('error', { ...ended.error }, at);
    this.tell('runtime.runs.finished', { ...record, ...('error' in ended ? { error: ended.error.code } : {}) }, at);
  }

  /** Everything told so far is on the log when it resolves. */
  async flush(): Promise<void> {
    const events = this.pending;
    if (events.length === 0) return;
    this.pending = [];
    await this.eventLog.append(events);
  }

  private tell(type: string, payload: object, at: number): void {
    const id = this.ids.derive('evt', this.run.id, type);
    this.pending.push({ ...this.envelope(id, type, at), payload: encoder.encode(JSON.stringify(payload)), source: this.source() });
  }

  private envelope(id: string, type: string, at: number) {
    const { workspaceId, correlationId, causationId, depth, key, session, traceparent } = this.run;
    const { kind, id: actor, onBehalfOf } = runPrincipal(this.run);
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

  private source() {
    const { id, slug, session, trigger } = this.run;
    return {
      service: 'runtime',
      automation: slug,
      run: id,
      ...(session === undefined ? {} : { session }),
      ...(trigger.type === 'endpoint' ? { endpoint: trigger.value } : {}),
    };
  }
}

function targetOf(target: EmitRequest['target']): Pick<NewEvent, 'target'> {
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
