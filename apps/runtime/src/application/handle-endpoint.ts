import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Ids } from '@millrace/kernel';
import { matchEndpoint, type EndpointMatch } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { endpointMissing, runCancelled, runFailed, signInNeeded } from '../domain/refusals';
import { bodyOf, chunkOf, EMPTY_HEAD, headFor, streamHead, withReply, type ReplyHead } from '../domain/reply';
import { endpointLocals, type EndpointCall } from '../domain/request';
import type { Run } from '../domain/run';
import { Chunks } from './chunks';
import type { Executor, Finished } from './execute';
import type { Model, Models } from './models';

/** A part of an endpoint's answer: the head first, once, then the body. */
export type AnswerPart = { readonly head: ReplyHead; readonly run: string } | { readonly chunk: string };

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
    const chunks = new Chunks<AnswerPart>();
    let head = EMPTY_HEAD;
    let streaming = false;
    const id = this.parts.ids.mint('run');
    const reply = async (request: Parameters<typeof withReply>[1]): Promise<void> => {
      if (!streaming) head = withReply(head, request);
      if (request.chunk === undefined) return;
      if (!streaming) await chunks.put({ head: streamHead(head), run: id });
      streaming = true;
      await chunks.put({ chunk: chunkOf(request.chunk) });
    };
    const finished = this.execute(context, model, match, call, { signal: neverAborted(), reply }, id);
    finished.then(
      () => chunks.end(),
      (error: unknown) => chunks.fail(error),
    );
    yield* chunks;
    const { ended } = await finished;
    if ('error' in ended && !streaming) throw runFailed(ended.error, id);
    if ('cancelled' in ended && !streaming) throw runCancelled(id);
    if (!('output' in ended)) return;
    if (!streaming) {
      yield { head: headFor(head, ended.output), run: id };
      yield { chunk: bodyOf(ended.output) };
    } else if (!isEmpty(ended.output)) {
      yield { chunk: chunkOf(ended.output) };
    }
  }

  /** Runs an automation whose answer nobody waits for: the first on the path answers. */
  private runBeside(context: CallContext, model: Model, match: EndpointMatch, call: EndpointCall): void {
    this.execute(context, model, match, call, { signal: neverAborted() }).catch((error: unknown) => {
      this.parts.log.error('A run beside the answering one failed.', { error, automation: match.slug });
    });
  }

  private execute(
    context: CallContext,
    model: Model,
    match: EndpointMatch,
    call: EndpointCall,
    watcher: Parameters<Executor['run']>[3],
    id: string = this.parts.ids.mint('run'),
  ): Promise<Finished> {
    const { principal, correlationId, traceparent } = context;
    const run: Run = {
      id,
      workspaceId: model.workspaceId,
      digest: model.digest,
      slug: match.slug,
      trigger: { type: 'endpoint', value: match.endpoint.path, id: correlationId },
      correlationId,
      causationId: correlationId,
      depth: 1,
      startedAt: this.parts.clock.now(),
      causedBy: principal,
      ...(principal.session === undefined ? {} : { session: principal.session }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    return this.parts.executor.run(model.plan, run, endpointLocals(call, match.pathParams), watcher);
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

/** A caller that goes away does not end the run (`onDisconnect: continue`). */
function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function isEmpty(output: unknown): boolean {
  return output === null || output === '' || (typeof output === 'object' && Object.keys(output as object).length === 0);
}
