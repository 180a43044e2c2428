import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import { matchEndpoint, type EndpointMatch } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { endpointMissing, signInNeeded } from '../domain/refusals';
import { endpointLocals, type EndpointCall } from '../domain/request';
import type { Run } from '../domain/run';
import type { Executor, Finished, Watcher } from './execute';
import type { Model, Models } from './models';
import { Reply, type AnswerPart } from './reply';

export interface HandleEndpointParts {
  readonly models: Models;
  readonly executor: Executor;
  readonly rights: WorkspaceRights;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Answers a call of a workspace's endpoint with what its automation says. */
export class HandleEndpoint {
  constructor(private readonly parts: HandleEndpointParts) {}

  async *run(context: CallContext, workspace: string, call: EndpointCall): AsyncGenerator<AnswerPart> {
    const model = await this.parts.models.get(workspace);
    const matches = matchEndpoint(model.plan, call.method.toLowerCase(), call.path);
    const [first, ...others] = matches;
    if (first === undefined) throw endpointMissing(call.method, call.path);
    for (const match of matches) await this.admit(context, model, match, call.path);
    for (const match of others) this.runBeside(context, model, match, call);
    yield* this.answer(context, model, first, call);
  }

  private async *answer(context: CallContext, model: Model, match: EndpointMatch, call: EndpointCall): AsyncGenerator<AnswerPart> {
    const run = this.begin(context, model, match);
    const reply = new Reply(run.id);
    const finished = this.execute(model, run, endpointLocals(call, match.pathParams), (request) => reply.take(request));
    finished.then(
      () => reply.parts.end(),
      (error: unknown) => reply.parts.fail(error),
    );
    yield* reply.parts;
    yield* reply.rest((await finished).ended);
  }

  /** Runs an automation whose answer nobody waits for: the first on the path answers. */
  private runBeside(context: CallContext, model: Model, match: EndpointMatch, call: EndpointCall): void {
    const run = this.begin(context, model, match);
    this.execute(model, run, endpointLocals(call, match.pathParams)).catch((error: unknown) => {
      this.parts.log.error('A run beside the answering one failed.', { error, automation: match.slug });
    });
  }

  /** A caller that goes away does not end the run (`onDisconnect: continue`). */
  private execute({ plan }: Model, run: Run, locals: JsonMap, reply?: Watcher['reply']): Promise<Finished> {
    const { signal } = new AbortController();
    return this.parts.executor.run(plan, run, locals, { signal, ...(reply === undefined ? {} : { reply }) });
  }

  private begin({ principal, correlationId, traceparent }: CallContext, model: Model, { slug, endpoint }: EndpointMatch): Run {
    return {
      id: this.parts.ids.mint('run'),
      workspaceId: model.workspaceId,
      digest: model.digest,
      slug,
      trigger: { type: 'endpoint', value: endpoint.path, id: correlationId },
      correlationId,
      causationId: correlationId,
      depth: 1,
      startedAt: this.parts.clock.now(),
      causedBy: principal,
      ...(principal.session === undefined ? {} : { session: principal.session }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }

  /** Lets the caller in as the endpoint's `access` says. */
  private async admit(context: CallContext, model: Model, { endpoint }: EndpointMatch, path: string): Promise<void> {
    if (endpoint.access === 'public') return;
    if (context.principal.kind === 'anonymous') throw signInNeeded(path);
    if (endpoint.access === 'signed-in') return;
    const action = endpoint.access === 'members' ? 'execute' : `execute:${endpoint.access}`;
    await this.parts.rights.require(context, model.workspaceId, action, 'automations');
  }
}
