import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import {
  start,
  step,
  type Begin,
  type Effect,
  type Ended,
  type Outcome,
  type Plan,
  type ReplyRequest,
  type Turn,
} from '@millrace/language';
import type { EventLog } from '@millrace/messaging';
import type { Run } from '../domain/run';
import { Journal } from './journal';
import type { FetchOptions, Fetcher } from './ports/fetcher';
import type { Turns } from './ports/turn';

/** How a run is watched while it goes on. */
export interface Watcher {
  /** A part of an endpoint's answer. Awaited, so that a slow reader slows the run. */
  reply?(request: ReplyRequest): Promise<void>;
  /** Aborted when nobody wants the run to go on. */
  readonly signal: AbortSignal;
}

/** A run that has ended. What it emitted is on the log. */
export interface Finished {
  readonly run: Run;
  readonly ended: Ended;
}

export interface ExecutorParts {
  readonly eventLog: EventLog;
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly turns: Turns;
  /** Read-only keys of contexts, such as where the API is. */
  readonly prefilled: Readonly<Record<string, JsonMap>>;
}

/** Takes runs from start to end: the language steps, this performs what it asks for. */
export class Executor {
  constructor(private readonly parts: ExecutorParts) {}

  /** Resolves when the run has ended and everything it told is on the log. Rejects only for what is not the run's fault. */
  async run(plan: Plan, run: Run, locals: JsonMap, watcher: Watcher): Promise<Finished> {
    const journal = new Journal(run, this.parts.eventLog, this.parts.ids);
    let turn = start(plan, this.begin(run, locals));
    for (;;) {
      const outcomes = await this.perform(run, turn.effects, journal, watcher);
      if (turn.ended !== undefined) return await this.finish(run, turn.ended, journal);
      turn = this.next(plan, turn, outcomes, watcher);
    }
  }

  private next(plan: Plan, { state }: Turn, outcomes: readonly Outcome[], { signal }: Watcher): Turn {
    return step(plan, state, signal.aborted ? [{ signal: 'cancel', at: this.parts.clock.now() }] : outcomes);
  }

  private async finish(run: Run, ended: Ended, journal: Journal): Promise<Finished> {
    journal.end(ended, this.parts.clock.now());
    await journal.flush();
    return { run, ended };
  }

  private begin(run: Run, locals: JsonMap): Begin {
    const userId = run.causedBy?.onBehalfOf ?? (run.causedBy?.kind === 'user' ? run.causedBy.id : undefined);
    return {
      run: run.id,
      slug: run.slug,
      locals,
      trigger: run.trigger,
      workspaceId: run.workspaceId,
      correlationId: run.correlationId,
      depth: run.depth,
      identity: { ...(userId === undefined ? {} : { userId }), ...(run.session === undefined ? {} : { sessionId: run.session }) },
      seed: run.id,
      now: run.startedAt,
      prefilled: { ...this.parts.prefilled, global: { ...this.parts.prefilled['global'], workspaceId: run.workspaceId } },
      config: {},
    };
  }

  /** Performs a turn's effects in order; those that block at once go side by side. */
  private async perform(run: Run, effects: readonly Effect[], journal: Journal, watcher: Watcher): Promise<Outcome[]> {
    const waiting: Promise<Outcome>[] = [];
    for (const effect of effects) {
      switch (effect.kind) {
        case 'emit':
          journal.emit(effect, this.parts.clock.now());
          break;
        case 'reply':
          if (effect.request.chunk !== undefined) await journal.flush();
          await watcher.reply?.(effect.request);
          break;
        default:
          waiting.push(this.outcome(run, effect, journal, watcher));
      }
    }
    return Promise.all(waiting);
  }

  private async outcome(run: Run, effect: Effect, journal: Journal, { signal }: Watcher): Promise<Outcome> {
    switch (effect.kind) {
      case 'fetch': {
        await journal.flush();
        const result = await this.parts.fetcher.fetch(effect.request, fetchOptions(run, effect, signal));
        return { effect: effect.id, at: this.parts.clock.now(), ...result };
      }
      case 'yield':
        await this.parts.turns.next();
        return { effect: effect.id, at: this.parts.clock.now(), value: null };
      case 'load':
        return { effect: effect.id, at: this.parts.clock.now(), value: { revision: 0, value: {} } };
      default:
        return { effect: effect.id, at: this.parts.clock.now(), error: unsupported(effect) };
    }
  }
}

function fetchOptions(run: Run, effect: Extract<Effect, { kind: 'fetch' }>, signal: AbortSignal): FetchOptions {
  return {
    idempotencyKey: effect.idempotencyKey ?? `${run.id}.${effect.id}`,
    signal,
    ...(effect.timeout === undefined ? {} : { timeout: effect.timeout }),
    ...(effect.retry === undefined ? {} : { retry: effect.retry }),
    ...(run.traceparent === undefined ? {} : { traceparent: run.traceparent }),
  };
}

function unsupported({ kind }: Effect) {
  return { code: 'runtime.effect_unsupported', refusal: 'unavailable' as const, message: `This runtime does not perform "${kind}".` };
}
