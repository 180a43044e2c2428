import { answerOf, problemsOf } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import { formatTraceparent, type Log, type Metrics } from '@millrace/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
import { pathOf, queryOf } from '../door/path';
import { traceOf } from '../door/trace-of';
import type { Policies } from '../policies/policies';
import { signInNeeded, unfit } from '../problems/refusals';
import { checkAccept, checkBodyType } from '../transcoding/media';
import { readQuery } from '../transcoding/query';
import type { WrittenAnswer } from '../transcoding/answer-writer';
import type { AdmittedCall } from './admitted-call';
import { checkScopes } from './check-scopes';
import { CallAnswers } from './call-answers';
import type { CallRoute } from './call-route';
import { Deprecations } from './deprecations';
import type { Paging } from './paging';
import { LONGEST_WAIT, preferencesOf } from './preferences';
import { repeatKeyOf, type Repeats } from './repeats';
import { RouteTable, type Declared } from './route-table';

export interface CallsParts {
  readonly routes: readonly CallRoute[];
  /** What is served by hand. */
  readonly others: readonly Declared[];
  readonly callers: HttpCallers;
  readonly repeats: Repeats;
  readonly paging: Paging;
  readonly bus: Bus;
  readonly policies: Pick<Policies, 'patience'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

const NO_BODY = new Uint8Array();
/** Seconds for which the deadline of any class leaves room. */
const USUAL_WAIT = 25;
/** Milliseconds until whoever asked to be held for longer is answered. */
const HOLDING = (LONGEST_WAIT + 5) * 1_000;

/** Serves every declared route: one request, one call on the bus, one answer. */
export class Calls {
  private readonly table: RouteTable<CallRoute>;
  private readonly answers: CallAnswers;
  private readonly deprecations: Deprecations;

  constructor(private readonly parts: CallsParts) {
    this.table = new RouteTable(parts.routes, parts.others);
    this.answers = new CallAnswers(parts.routes);
    this.deprecations = new Deprecations(parts.routes, parts.metrics, parts.log);
  }

  /** Takes all paths under `/v1` that nobody else serves. */
  mount(fastify: FastifyInstance): void {
    fastify.all('/v1/*', { onRequest: (request, reply) => this.admit(request, reply) }, (request, reply) => this.serve(request, reply));
  }

  /** Before the body is read: is there such a route, who asks, and may the body be what it says it is. */
  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { headers } = request;
    const match = this.table.match(request.method, pathOf(request.raw.url ?? '/'));
    const { policy, reader, routeClass } = match.route;
    request.routeClass = routeClass;
    const principal = await this.parts.callers.caller(request);
    request.callerId = principal.id;
    if (principal.kind === 'anonymous' && policy.kind !== 'public') throw signInNeeded();
    checkScopes(principal, match.route);
    checkAccept(headers.accept);
    if (hasBody(headers)) checkBodyType(reader.bodyKind, headers['content-type']);
    request.call = { ...match, principal };
    this.deprecations.tell(request, reply, request.call);
  }

  private async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { call } = request;
    if (call === undefined) throw new Error('A request was served that nobody admitted.');
    const { method, narrowing, reader, writer } = call.route;
    const { bus, paging, repeats } = this.parts;
    const key = repeatKeyOf(request, call);
    const { wanted, rest: query } = narrowing.read(readQuery(queryOf(request.raw.url ?? '')));
    const message = reader.read({
      path: call.path,
      query,
      headers: request.headers,
      body: (request.body as Uint8Array | undefined) ?? NO_BODY,
    });
    const errors = problemsOf(method.input, message);
    if (errors.length > 0) throw unfit(errors);
    const context = { ...this.contextOf(request, call), repeatable: key !== undefined };
    const page = paging.asked(method, message, call.principal);
    const ask = async (): Promise<WrittenAnswer> => {
      const answer = await bus.call(method, page?.message ?? message, context);
      return writer.answer(page?.seal(answer) ?? answer, wanted);
    };
    if (key === undefined) return this.answers.send(request, reply, call.route, await ask());
    const { answer, isReplay } = await repeats.once({ key, call, message, deadline: context.deadline }, ask);
    if (isReplay) reply.header('idempotency-replayed', 'true');
    return this.answers.send(request, reply, call.route, answer);
  }

  private contextOf(request: FastifyRequest, { principal, route }: AdmittedCall): CallContext {
    const isHeld = (preferencesOf(request.headers).wait ?? 0) > USUAL_WAIT && answerOf(route.method).later !== undefined;
    const timeout = isHeld ? Math.max(route.timeout ?? 0, HOLDING) : route.timeout;
    const deadline = this.parts.clock.now() + this.parts.policies.patience(request, timeout);
    return { principal, correlationId: request.id, deadline, traceparent: formatTraceparent(traceOf(request)) };
  }
}

function hasBody(headers: FastifyRequest['headers']): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
