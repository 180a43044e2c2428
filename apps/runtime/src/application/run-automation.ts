import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Ids, Json, JsonMap } from '@millrace/kernel';
import { plan } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { outputOf } from '../domain/refusals';
import type { Run } from '../domain/run';
import type { Executor } from './execute';
import type { Model, Models } from './models';
import type { ModelSource } from './ports/models';

/** What a run that somebody waited for gave. */
export interface RunResult {
  readonly run: string;
  readonly output: Json;
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
  readonly source: ModelSource;
  readonly executor: Executor;
  readonly rights: WorkspaceRights;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Runs an automation because somebody asked for it, and answers its output. */
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
    const sources = await this.parts.source.draft(id, context);
    return this.execute(context, { workspaceId: id, digest: 'draft', plan: plan(sources) }, request);
  }

  private async execute(context: CallContext, { workspaceId, digest, plan }: Model, request: RunRequest): Promise<RunResult> {
    const { principal, correlationId, traceparent } = context;
    const { slug, payload, idempotencyKey } = request;
    const { ids, clock, executor } = this.parts;
    const run: Run = {
      id: idempotencyKey === '' ? ids.mint('run') : ids.derive('run', principal.id, workspaceId, slug, idempotencyKey),
      workspaceId,
      digest,
      slug,
      trigger: { type: 'test', value: slug, id: correlationId },
      correlationId,
      causationId: correlationId,
      depth: 1,
      startedAt: clock.now(),
      causedBy: principal,
      ...(principal.session === undefined ? {} : { session: principal.session }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const { ended } = await executor.run(plan, run, payload, { signal: new AbortController().signal });
    return { run: run.id, output: outputOf(ended, run.id) };
  }
}
