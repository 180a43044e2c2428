import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Ids, Json, JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { outputOf } from '../../domain/refusals';
import { preferenceOf, resultPath } from '../../domain/preference';
import type { Answers } from '../execution/answers';
import type { Runs } from '../execution/runs';
import type { Model, Models } from '../models';
import type { Callers } from './endpoints/callers';
import type { Authorization } from './authorization';
import { calledRun } from './called-run';
import { demandAutomation } from './permitted-automation';

/** What a run that somebody waited for gave. */
export interface RunResult {
  readonly run: string;
  /** Null while the run goes on. */
  readonly output: Json;
  /** Where its answer will be: it goes on. */
  readonly result?: string;
}

export interface RunRequest {
  readonly workspace: string;
  readonly slug: string;
  readonly payload: JsonMap;
  /** Makes the run's id derive from it. */
  readonly idempotencyKey: string;
  /** How long to be held for the output, as the header `Prefer` says it; empty: as long as may be. */
  readonly prefer?: string;
}

export interface RunAutomationParts {
  readonly models: Models;
  readonly runs: Runs;
  readonly answers: Answers;
  readonly callers: Callers;
  readonly rights: WorkspaceRights;
  readonly authorization: Pick<Authorization, 'demand'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Milliseconds a caller is held who does not say how long. */
const HELD = 25_000;
/** Milliseconds a caller is held at most. */
const HELD_MOST = 30_000;

/** Runs an automation because somebody asked for it, and answers its output or where that will be. */
export class RunAutomation {
  constructor(private readonly parts: RunAutomationParts) {}

  /** On the version that runs. */
  async run(context: CallContext, request: RunRequest): Promise<RunResult> {
    const { id, permission } = await this.parts.rights.permit(context, request.workspace, 'execute', 'automations');
    const model = await this.parts.models.get(id);
    demandAutomation(permission, model.plan, request.slug);
    return this.execute(context, model, request, request.idempotencyKey);
  }

  /** On the draft as it stands. */
  async test(context: CallContext, request: RunRequest): Promise<RunResult> {
    const { id, permission } = await this.parts.rights.permit(context, request.workspace, 'test', 'automations');
    const key = request.idempotencyKey === '' ? '' : `draft/${request.idempotencyKey}`;
    const model = await this.parts.models.draft(id, context);
    demandAutomation(permission, model.plan, request.slug);
    return this.execute(context, model, request, key);
  }

  /** `key`: empty when every request is another. */
  private async execute(context: CallContext, model: Model, request: RunRequest, key: string): Promise<RunResult> {
    const { runs, answers, callers } = this.parts;
    const { slug, payload, prefer = '' } = request;
    await this.parts.authorization.demand(model, { slug }, context.principal);
    const preference = preferenceOf({ respond: 'result', wait: HELD, most: HELD_MOST }, { prefer });
    const called = {
      slug,
      locals: payload,
      type: 'test',
      value: slug,
      key: key === '' ? undefined : key,
      mustBeKept: preference.async,
    } as const;
    const run = calledRun(this.parts, context, model, called);
    const given = run.keyed === true ? await answers.find(run.id) : undefined;
    const elsewhere = run.keyed === true && given === undefined && (await runs.isKept(run));
    const driver = elsewhere || given?.answer !== undefined ? undefined : runs.begin(model.plan, run, payload);
    const answer = given?.answer ?? (await callers.hold(driver, run, context.principal, preference));
    if (answer === undefined) return { run: run.id, output: null, result: resultPath(run) };
    return { run: run.id, output: outputOf(answer.ended, run.id) };
  }
}
