import type { WorkspaceRights } from '@millrace/auth';
import type { Alarms, Clock, Ids, JsonMap } from '@millrace/kernel';
import { fillIn, matchEndpoint, type EndpointMatch } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { accepted, preferenceOf } from '../../../domain/preference';
import type { AnswerPart } from '../../../domain/reply';
import { endpointMissing, endpointsFrozen, signInNeeded, tooDeep } from '../../../domain/refusals';
import { depthIn, type EndpointCall } from '../../../domain/request';
import type { RunName } from '../../../domain/run';
import type { Answers, TakeReply } from '../../execution/answers';
import type { Runs } from '../../execution/runs';
import { isFrozen, type Model, type Models } from '../../models';
import type { Configuration } from '../../contexts/configuration';
import type { Secrets } from '../../ports/secrets';
import type { Signatures } from '../../ports/signatures';
import type { Uploads } from '../../ports/uploads';
import type { Authorization } from '../authorization';
import { calledRun } from '../called-run';
import { MOST_HOPS } from '../handle-event';
import { demandAutomation } from '../permitted-automation';
import type { Callers } from './callers';
import { EndpointChecks } from './endpoint-checks';
import { ReceivedFiles } from './received-files';
import { Reply } from './reply';

export type { AnswerPart } from '../../../domain/reply';
export type { Upload } from '../../../domain/upload';

export interface HandleEndpointParts {
  readonly models: Models;
  readonly runs: Runs;
  readonly answers: Answers;
  readonly configuration: Configuration;
  readonly signatures: Signatures;
  readonly secrets: Secrets;
  readonly uploads: Uploads;
  readonly rights: WorkspaceRights;
  readonly authorization: Pick<Authorization, 'demand'>;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly callers: Callers;
  readonly ids: Ids;
}

/** An automation that a call reaches, and what it starts with. */
interface Reached extends EndpointMatch {
  readonly locals: JsonMap;
  /** Automations that led to the call. */
  readonly depth: number;
}

/** Answers a call of a workspace's endpoint with what its automation says, or where its answer will be. */
export class HandleEndpoint {
  private readonly checks: EndpointChecks;
  private readonly received: ReceivedFiles;

  constructor(private readonly parts: HandleEndpointParts) {
    this.checks = new EndpointChecks(parts);
    this.received = new ReceivedFiles(parts);
  }

  async *run(context: CallContext, workspace: string, call: EndpointCall): AsyncGenerator<AnswerPart> {
    const { model, reached } = await this.received.during(call, () => this.reach(context, workspace, call));
    const [first, ...others] = reached;
    if (first === undefined) return;
    for (const match of others) this.runBeside(context, model, match);
    yield* this.answer(context, model, first, call);
  }

  /** What the call reaches, let in as each of them says; its files are kept when all have. */
  private async reach(context: CallContext, workspace: string, call: EndpointCall) {
    const model = await this.parts.models.get(workspace);
    const depth = depthIn(call.headers);
    if (depth >= MOST_HOPS) throw tooDeep(call.path, MOST_HOPS);
    if (isFrozen(model, 'endpoints')) throw endpointsFrozen(workspace);
    const reached: Reached[] = [];
    for (const match of matchEndpoint(model.plan, call.method.toLowerCase(), call.path)) {
      await this.admit(context, model, match, call.path);
      await this.parts.authorization.demand(model, { slug: match.slug, path: call.path }, context.principal);
      reached.push({ ...match, depth, locals: await this.checks.localsOf(model, match, call) });
    }
    if (reached.length === 0) throw endpointMissing(call.method, call.path);
    if (call.upload === undefined) return { model, reached };
    const body = await this.received.body(context, model.workspaceId, call.path, call.upload);
    return { model, reached: reached.map((one) => ({ ...one, locals: { ...one.locals, body } })) };
  }

  private async *answer(context: CallContext, model: Model, match: Reached, call: EndpointCall): AsyncGenerator<AnswerPart> {
    const { locals } = match;
    const preference = preferenceOf(match.endpoint, call.headers);
    const called = { ...calledBy(match), key: keyOf(match, call), mustBeKept: preference.async };
    const run = calledRun(this.parts, context, model, called);
    const reply = new Reply(run.id, this.parts);
    const { runs, answers, callers } = this.parts;
    const given = run.keyed === true ? await answers.find(run.id) : undefined;
    if (given?.answer !== undefined) {
      yield* reply.of(given.answer);
      return;
    }
    const elsewhere = run.keyed === true && (await runs.isKept(run));
    const take: TakeReply = (request) => reply.take(request);
    const isFirst = !elsewhere && runs.find(run.id) === undefined;
    const driver = elsewhere ? undefined : runs.begin(model.plan, run, locals, take);
    const stay = match.endpoint.onDisconnect === 'cancel' && isFirst ? this.cancelOn(context.signal, run) : undefined;
    try {
      const answer = callers.hold(driver, run, context.principal, preference, reply.begun);
      answer.then(
        () => reply.end(),
        (error: unknown) => reply.fail(error),
      );
      yield* reply.parts;
      const found = await answer;
      if (found === undefined) yield* accepted(run, preference.applied);
      else yield* reply.of(found);
    } finally {
      stay?.();
      reply.end();
      runs.stopReply(run.id, take);
    }
  }

  /** Ends a run when its caller goes away; answers how to let it go on. */
  private cancelOn(signal: AbortSignal | undefined, run: RunName): () => void {
    const cancel = (): void => void this.parts.runs.cancel(run, 'Its caller went away.').catch(() => undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
    return () => signal?.removeEventListener('abort', cancel);
  }

  /** Runs an automation whose answer nobody waits for: the first on the path answers. */
  private runBeside(context: CallContext, model: Model, match: Reached): void {
    const run = calledRun(this.parts, context, model, { ...calledBy(match), key: undefined, mustBeKept: false });
    this.parts.runs.begin(model.plan, run, match.locals);
  }

  /** Lets the caller in as the endpoint's `access` says. */
  private async admit(context: CallContext, model: Model, { endpoint, slug }: EndpointMatch, path: string): Promise<void> {
    if (endpoint.access === 'public') return;
    if (context.principal.kind === 'anonymous') throw signInNeeded(path);
    if (endpoint.access === 'signed-in') return;
    const action = endpoint.access === 'members' ? 'execute' : `execute:${endpoint.access}`;
    const { permission } = await this.parts.rights.permit(context, model.workspaceId, action, 'automations');
    demandAutomation(permission, model.plan, slug);
  }
}

function calledBy({ slug, locals, endpoint, depth }: Reached) {
  return { slug, locals, depth, type: 'endpoint', value: endpoint.path } as const;
}

/** What makes two calls the same call: the header the caller sent, or what the endpoint says. */
function keyOf({ endpoint: { dedupe }, locals }: Reached, { headers }: EndpointCall): string | undefined {
  const said = dedupe === undefined ? undefined : fillIn(dedupe, locals);
  const key = said ?? headers['idempotency-key'] ?? headers['webhook-id'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}
