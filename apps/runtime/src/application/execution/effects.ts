import type { Clock, Ids, Json, JsonMap } from '@millrace/kernel';
import type { Effect, EffectError, LoadRequest, ModuleRequest, Plan } from '@millrace/language';
import { applyWrite } from '@millrace/language';
import { correlationOf } from '../../domain/contexts/lifetimes';
import { fetchedBy, isAnonymous, type Run } from '../../domain/run';
import type { Pace } from '../admission/pace';
import type { Configuration } from '../contexts/configuration';
import type { Contexts } from '../contexts/contexts';
import type { RateLimits } from '../contexts/rate-limits';
import type { Egress } from '../egress';
import type { FetchOptions, Fetcher } from '../ports/fetcher';
import type { Modules } from '../ports/modules';
import type { Topics } from '../ports/topics';
import type { Turns } from '../ports/turn';
import type { Authorization } from '../starting/authorization';
import { manageTopic } from '../topics/manage-topic';
import type { Progress } from './keeping/progress';

/** What came of an effect. */
export type Result = { readonly value: Json } | { readonly error: EffectError };

export interface EffectParts {
  readonly contexts: Contexts;
  readonly configuration: Configuration;
  readonly rateLimits: RateLimits;
  readonly fetcher: Fetcher;
  /** How often runs of one workspace fetch. */
  readonly fetchPace: Pace;
  readonly egress: Pick<Egress, 'of'>;
  readonly topics: Topics;
  readonly modules: Modules;
  readonly authorization: Pick<Authorization, 'allows'>;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Performs the effects that are done while the run is in hand. What the other side does is a result, never a throw. */
export class Effects {
  constructor(private readonly parts: EffectParts) {}

  /** Whether an effect leaves the run, so that the release rule holds for it. */
  leaves({ kind }: Effect): boolean {
    return kind !== 'load' && kind !== 'yield' && kind !== 'authorize' && kind !== 'chunk';
  }

  /** Lets go of what was kept open for a run that has ended. */
  letGoOf(run: Run): void {
    this.parts.fetcher.closeStreams(run.id);
  }

  /** Whether an effect is answered at once with what is known of it, whatever it would wait for. */
  isAnswered(_progress: Progress, _effect: Effect): boolean {
    return false;
  }

  /** Whether an event or a write is told to others. */
  isTold(_progress: Progress, _effect: Effect): boolean {
    return true;
  }

  async perform(plan: Plan, progress: Progress, effect: Effect, signal: AbortSignal): Promise<Result> {
    const { run } = progress;
    switch (effect.kind) {
      case 'load':
        return { value: await this.load(plan, progress, effect.request) };
      case 'write':
        return this.write(plan, progress, effect);
      case 'fetch':
        return this.fetch(plan, run, effect, signal);
      case 'chunk':
        return this.parts.fetcher.next(effect.request.stream, { run: run.id, signal });
      case 'rateLimit':
        return { value: await this.parts.rateLimits.take(run.workspaceId, instanceOf(plan, effect), effect.request) };
      case 'module':
        return this.module(effect.request);
      case 'authorize':
        return { value: { allowed: await this.parts.authorization.allows(plan, run, effect.request) } };
      case 'topic':
        return manageTopic(this.parts.topics, run.workspaceId, effect.request);
      case 'yield':
        await this.parts.turns.next(progress);
        return { value: null };
      default:
        return { error: unsupported(effect) };
    }
  }

  /** A context as it is kept, with what this run has decided and not written yet. */
  private async load(plan: Plan, { run, pending }: Progress, request: LoadRequest): Promise<Json> {
    const { contexts, configuration } = this.parts;
    const { workspaceId } = run;
    const isConfig = request.context === 'config';
    const { revision, value } = isConfig
      ? await configuration.load(plan, { workspaceId, instance: request.instance })
      : await contexts.load(workspaceId, request);
    const mine = pending.writes.filter(
      ({ context, instance, owner }) => context === request.context && instance === request.instance && owner === request.owner,
    );
    return { revision, value: mine.reduce<JsonMap>((context, write) => applyWrite(context, write).value, value) };
  }

  /** How far the workspace reaches is asked each time: a host that is taken off is closed to runs that go on, too. */
  private async fetch(plan: Plan, run: Run, effect: Extract<Effect, { kind: 'fetch' }>, signal: AbortSignal): Promise<Result> {
    const { fetchPace, egress, fetcher } = this.parts;
    const turn = fetchPace.turn(run.workspaceId, signal);
    if (turn !== undefined) await turn;
    const reached = await egress.of(run.workspaceId);
    const options = this.fetchOptions(plan, run, effect, signal);
    return fetcher.fetch(effect.request, { ...options, ...(reached === undefined ? {} : { egress: reached }) });
  }

  private module({ module, function: name, parameters }: ModuleRequest): Result {
    return this.parts.modules.run(module, name, parameters);
  }

  private async write(plan: Plan, progress: Progress, { id, request }: Extract<Effect, { kind: 'write' }>): Promise<Result> {
    const { run, outstanding } = progress;
    const number = outstanding.get(id)?.flush ?? 0;
    if (request.context === 'config') return this.parts.configuration.write(plan, run, { number, request });
    if (correlationOf(request) !== undefined) progress.holds = true;
    const by = { run: run.id, anonymous: isAnonymous(run), until: run.deadline };
    return this.parts.contexts.write(run.workspaceId, { ...by, number, request });
  }

  private fetchOptions(plan: Plan, run: Run, effect: Extract<Effect, { kind: 'fetch' }>, signal: AbortSignal): FetchOptions {
    const hosts = plan.permissions.get(instanceOf(plan, effect))?.hosts;
    return {
      run: run.id,
      file: fetchedBy(run) + this.parts.ids.derive('file', run.id, effect.id),
      idempotencyKey: effect.idempotencyKey ?? `${run.id}.${effect.id}`,
      signal,
      depth: run.depth,
      ...(effect.timeout === undefined ? {} : { timeout: effect.timeout }),
      ...(effect.retry === undefined ? {} : { retry: effect.retry }),
      ...(hosts === undefined || hosts.includes('*') ? {} : { hosts }),
      ...(run.traceparent === undefined ? {} : { traceparent: run.traceparent }),
    };
  }
}

function instanceOf(plan: Plan, { place }: Effect): string {
  return plan.automations.get(place.automation)?.instance ?? '';
}

function unsupported({ kind }: Effect): EffectError {
  return { code: 'runtime.effect_unsupported', refusal: 'unavailable', message: `This runtime does not perform "${kind}".` };
}
