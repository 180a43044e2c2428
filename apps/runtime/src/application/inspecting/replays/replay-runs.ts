import type { WorkspaceRights } from '@millrace/auth';
import { DomainError, type Alarms, type Clock, type Ids, type Json } from '@millrace/kernel';
import { matchEvents } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { resultsOf, type Replay } from '../../../domain/replay';
import { runNames, type Run } from '../../../domain/run';
import { outcomeOf, type RunProblem, type RunRecord } from '../../../domain/records/run-record';
import type { StepRecord } from '../../../domain/records/step-record';
import type { Driver } from '../../execution/driver';
import type { Runs } from '../../execution/runs';
import type { Model, Models } from '../../models';
import { eventLocals } from '../../starting/event-locals';
import { termsOf } from '../../starting/terms';
import type { FindRun } from '../runs/find-run';
import type { EndedRun } from '../runs/ended-runs';
import type { Beginning, StartAgain } from './start-again';

/** Milliseconds a blocked replay may take. */
const LONGEST = 20_000;

/** What is done again, and how. */
export interface ReplayRequest {
  readonly workspace: string;
  readonly of: { readonly run: string } | { readonly event: string };
  /** `same`: that of the run; for an event: the active one. */
  readonly version: 'same' | 'active' | 'draft';
  readonly effects: Replay['effects'];
  readonly fromStep?: string;
}

/** A run that repeats another. With effects blocked it has ended; `blocked`: what it would have done. */
export interface ReplayedRun {
  readonly run: string;
  readonly automation: string;
  readonly replayOf: string;
  readonly state?: RunRecord['outcome'];
  readonly output?: Json;
  readonly error?: RunProblem;
  readonly blocked: readonly BlockedStep[];
}

/** Something that was not done. `recorded`: the replay went on with what had come of it before. */
export interface BlockedStep extends Pick<StepRecord, 'step' | 'kind' | 'automation' | 'line'> {
  readonly request: Json;
  readonly recorded: boolean;
}

export interface ReplayRunsParts {
  readonly find: FindRun;
  readonly startAgain: StartAgain;
  readonly models: Models;
  readonly runs: Runs;
  readonly rights: WorkspaceRights;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
}

/** Does runs again, as new runs: kept when this resolves, or, with effects blocked, ended. */
export class ReplayRuns {
  constructor(private readonly parts: ReplayRunsParts) {}

  /**
   * Refuses with `runtime.run_not_found`, `runtime.run_goes_on`, `runtime.event_not_found`, `runtime.start_unknown`, and as `resultsOf`
   * does.
   */
  async run(context: CallContext, request: ReplayRequest): Promise<readonly ReplayedRun[]> {
    const { id: workspaceId } = await this.parts.rights.require(context, request.workspace, 'replay', 'runs');
    if ('event' in request.of) return this.event(context, workspaceId, request.of.event, request);
    const ended = await this.ended(workspaceId, request.of.run);
    const { effects, fromStep } = request;
    const replay = { effects, results: resultsOf(ended.record, request), ...(fromStep === undefined ? {} : { fromStep }) };
    const model = await this.model(context, workspaceId, request, ended.record.digest);
    const beginning = await this.parts.startAgain.of(ended, model.plan);
    return [await this.begin(context, model, beginning, replay)];
  }

  private async event(context: CallContext, workspaceId: string, id: string, request: ReplayRequest): Promise<readonly ReplayedRun[]> {
    const { startAgain, ids } = this.parts;
    const event = await startAgain.event(workspaceId, id);
    const model = await this.model(context, workspaceId, request);
    const { actor, source, key, hops = 0 } = event;
    const begun = matchEvents(model.plan, eventLocals(event)).map(({ slug, locals }) => {
      const beginning: Beginning = {
        ...{ slug, locals, trigger: { type: 'event', value: event.type, id }, depth: hops + 1, causedBy: { ...actor, roles: [] } },
        replayOf: ids.derive('run', ...runNames(id, workspaceId, slug)),
        ...(source.session === undefined ? {} : { session: source.session }),
        ...(key === undefined ? {} : { key }),
      };
      return this.begin(context, model, beginning, { effects: request.effects, results: {} });
    });
    return Promise.all(begun);
  }

  private async ended(workspaceId: string, id: string): Promise<EndedRun> {
    const found = await this.parts.find.run(workspaceId, id);
    if ('ended' in found) return found.ended;
    throw new DomainError('runtime.run_goes_on', 'conflict', `The run "${id}" goes on. Wait for its end, or cancel it first.`, {
      facts: { run: id },
    });
  }

  private async model(context: CallContext, workspaceId: string, { version }: ReplayRequest, digest?: string): Promise<Model> {
    const { models } = this.parts;
    if (version === 'draft') return models.draft(workspaceId, context);
    if (version === 'active' || digest === undefined) return models.get(workspaceId);
    return { workspaceId, digest, plan: await models.version(workspaceId, digest) };
  }

  private async begin(context: CallContext, model: Model, beginning: Beginning, replay: Replay): Promise<ReplayedRun> {
    const run = this.runOf(context, model, beginning, replay);
    const driver = this.parts.runs.begin(model.plan, run, beginning.locals);
    const { slug: automation, replayOf } = beginning;
    const replayed = { run: run.id, automation, replayOf, blocked: [] };
    if (replay.effects === 'blocked') return { ...replayed, ...(await this.outcome(driver, replay)) };
    await driver.keep();
    return replayed;
  }

  private runOf(
    { correlationId }: CallContext,
    { workspaceId, digest, plan }: Model,
    { locals, ...beginning }: Beginning,
    replay: Replay,
  ): Run {
    const { ids, clock } = this.parts;
    const startedAt = clock.now();
    const { gate, retry, ...terms } = termsOf(plan, beginning.slug, locals, startedAt);
    const isLive = replay.effects === 'live';
    return {
      ...{ id: ids.mint('run'), workspaceId, digest, correlationId, causationId: correlationId, startedAt },
      ...beginning,
      ...terms,
      ...(isLive && gate !== undefined ? { gate } : {}),
      ...(isLive && retry !== undefined ? { retry } : {}),
      ...(isLive && replay.fromStep === undefined ? {} : { replay }),
    };
  }

  /** What came of a replay that does nothing outside; one that takes too long is cancelled. */
  private async outcome(driver: Driver, { results }: Replay): Promise<Pick<ReplayedRun, 'state' | 'output' | 'error' | 'blocked'>> {
    const { clock, alarms } = this.parts;
    const late = { code: 'runtime.replay_too_long', message: `The replay took longer than ${LONGEST / 1000} s.` };
    const stop = alarms.set(clock.now() + LONGEST, () => driver.signal({ signal: 'fail', at: clock.now(), error: late }));
    const rest = await driver.rest.finally(stop);
    if (rest.kind === 'parked') throw new Error('A replay that does nothing outside was parked.');
    const { ended } = rest;
    const blocked = driver.look().steps.map((step) => blockedStep(step, results));
    return {
      ...{ state: outcomeOf(ended), blocked },
      ...('output' in ended ? { output: ended.output } : {}),
      ...('error' in ended ? { error: ended.error } : {}),
    };
  }
}

function blockedStep({ step, kind, automation, line, input = null }: StepRecord, results: Replay['results']): BlockedStep {
  return { step, kind, automation, line, request: input, recorded: results[step]?.kind === kind };
}
