import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Ids, Json, JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { outputOf } from '../../domain/refusals';
import type { Run } from '../../domain/run';
import type { Answers } from '../execution/answers';
import type { Runs } from '../execution/runs';
import type { Model, Models } from '../models';
import type { Callers } from './endpoints/callers';
import { termsOf } from './terms';

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
}

export interface RunAutomationParts {
  readonly models: Models;
  readonly runs: Runs;
  readonly answers: Answers;
  readonly callers: Callers;
  readonly rights: WorkspaceRights;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Milliseconds a caller is held. */
const HELD = 25_000;

/** Runs an automation because somebody asked for it, and answers its output or where that will be. */
export class RunAutomation {
  constructor(private readonly parts: RunAutomationParts) {}

  /** On the version that runs. */
  async run(context: CallContext, request: RunRequest): Promise<RunResult> {
    const { id } = await this.parts.rights.require(context, request.workspace, 'execute', 'automations');
    return this.execute(context, await this.parts.models.get(id), request);
  }

  /** On the draft as it stands. */
  async test(context: CallContext, request: RunRequest): Promise<RunResult> {
    const { id } = await this.parts.rights.require(context, request.workspace, 'test', 'automations');
    return this.execute(context, await this.parts.models.draft(id, context), request);
  }

  private async execute(context: CallContext, model: Model, request: RunRequest): Promise<RunResult> {
    const { runs, answers, callers } = this.parts;
    const run = this.runOf(context, model, request);
    const given = run.keyed === true ? await answers.find(run.id) : undefined;
    const elsewhere = run.keyed === true && given === undefined && (await runs.isKept(run.id));
    const driver = elsewhere || given?.answer !== undefined ? undefined : runs.begin(model.plan, run, request.payload);
    const answer = given?.answer ?? (await callers.hold(driver, run, context.principal, { async: false, wait: HELD }));
    if (answer === undefined) return { run: run.id, output: null, result: `/v1/results/${run.resultToken ?? run.id}` };
    return { run: run.id, output: outputOf(answer.ended, run.id) };
  }

  private runOf({ principal, correlationId, traceparent }: CallContext, { workspaceId, digest, plan }: Model, request: RunRequest): Run {
    const { slug, idempotencyKey } = request;
    const { ids, clock } = this.parts;
    const startedAt = clock.now();
    const id = idempotencyKey === '' ? ids.mint('run') : ids.derive('run', principal.id, workspaceId, slug, idempotencyKey);
    return {
      id,
      workspaceId,
      digest,
      slug,
      trigger: { type: 'test', value: slug, id: correlationId },
      correlationId,
      causationId: correlationId,
      depth: 1,
      startedAt,
      ...termsOf(plan, slug, request.payload, startedAt),
      resultToken: idempotencyKey === '' ? ids.mint('res') : ids.derive('res', id),
      causedBy: principal,
      ...(idempotencyKey === '' ? {} : { keyed: true }),
      ...(principal.session === undefined ? {} : { session: principal.session }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}
