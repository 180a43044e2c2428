import { demandAll, type WorkspaceRights } from '@millrace/auth';
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
import { demandRun } from '../runs/permitted-runs';
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

/** A run that is done again under a name of its own. */
export interface NamedReplay {
  readonly run: string;
  readonly version: 'same' | 'active';
  /** The id of the new run. */
  readonly as: string;
  /** Somebody may have begun the new run before, or have it in hand. */
  readonly isAgain: boolean;
  readonly correlationId: string;
}

/** On whose call a run begins, and under which name if it has one already. */
interface Asked extends Pick<CallContext, 'correlationId'> {
  readonly as?: string;
  readonly isAgain?: boolean;
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
   * Refuses with `runtime.run_not_found`, `runtime.run_goes_on`, `runtime.event_not_found`, `runtime.start_unknown`,
   * `runtime.automation_not_found` when the version has the automation no more, and as `resultsOf` does.
   */
  async run(context: CallContext, request: ReplayRequest): Promise<readonly ReplayedRun[]> {
    const { rights } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, request.workspace, 'replay', 'runs');
    if ('event' in request.of) {
      demandAll(permission);
      return this.event(context, workspaceId, request.of.event, request);
    }
    const ended = await this.parts.find.ended(workspaceId, request.of.run);
    demandRun(permission, (await rights.granted(context, request.workspace, 'read', 'runs')).permission, ended.view);
    const { effects, fromStep } = request;
    const replay = { effects, results: resultsOf(ended.record, request), ...(fromStep === undefined ? {} : { fromStep }) };
    const model = await this.model(context, workspaceId, request, ended.record.digest);
    const beginning = await this.parts.startAgain.of(ended, model.plan);
    return [await this.begin(context, model, beginning, replay)];
  }

  /** Does a run again as a run of that name, live and whole; nothing if that one was begun before. Refuses as `run` does. */
  async once(workspaceId: string, { run, version, as, isAgain, correlationId }: NamedReplay): Promise<void> {
    const { find, startAgain } = this.parts;
    if (isAgain && (await find.has(workspaceId, as))) return;
    const ended = await find.ended(workspaceId, run);
    const model = await this.published(workspaceId, version, ended.record.digest);
    const beginning = await startAgain.of(ended, model.plan);
    await this.begin({ correlationId, as, isAgain }, model, beginning, { effects: 'live', results: {} });
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

  private async model(context: CallContext, workspaceId: string, { version }: ReplayRequest, digest?: string): Promise<Model> {
    return version === 'draft' ? this.parts.models.draft(workspaceId, context) : this.published(workspaceId, version, digest);
  }

  private async published(workspaceId: string, version: 'same' | 'active', digest?: string): Promise<Model> {
    const { models } = this.parts;
    if (version === 'active' || digest === undefined) return models.get(workspaceId);
    return models.at(workspaceId, digest);
  }

  private async begin(by: Asked, model: Model, beginning: Beginning, replay: Replay): Promise<ReplayedRun> {
    if (model.plan.automations.get(beginning.slug)?.disabled !== false) throw automationGone(beginning.slug);
    const run = this.runOf(by, model, beginning, replay);
    const driver = this.parts.runs.begin(model.plan, run, beginning.locals, undefined, { isAgain: by.isAgain === true });
    const { slug: automation, replayOf } = beginning;
    const replayed = { run: run.id, automation, replayOf, blocked: [] };
    if (replay.effects === 'blocked') return { ...replayed, ...(await this.outcome(driver, replay)) };
    await driver.keep();
    return replayed;
  }

  private runOf({ correlationId, as }: Asked, model: Model, { locals, ...beginning }: Beginning, replay: Replay): Run {
    const { ids, clock } = this.parts;
    const { workspaceId, digest } = model;
    const startedAt = clock.now();
    const { gate, retry, ...terms } = termsOf(model, beginning.slug, locals, startedAt);
    const isLive = replay.effects === 'live';
    return {
      ...{ id: as ?? ids.mint('run'), workspaceId, digest, correlationId, causationId: correlationId, startedAt },
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

function automationGone(slug: string): DomainError {
  const message = `That version has no automation "${slug}", or it is disabled there. Do the run again on the version it was on.`;
  return new DomainError('runtime.automation_not_found', 'not-found', message, { facts: { automation: slug } });
}
