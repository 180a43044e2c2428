import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@millrace/kernel';
import type { FetchRequest, RetryPolicy } from '@millrace/language';
import { Fetcher } from '../../application/ports/fetcher';
import type { FetchOptions, FetchOutcome } from '../../application/ports/fetcher';
import { headerOf, headersOf } from './answer/answer';
import type { Answer } from './answer/answer';
import { bodyOf } from './answer/content';
import { DEEPEST, TooDeep } from './answer/json';
import { EgressGuard } from './egress/egress-guard';
import { guardedAgent } from './egress/guarded-agent';
import { SystemNameResolver } from './egress/name-resolver';
import type { NameResolver } from './egress/name-resolver';
import { Exchange } from './exchange';
import type { Terms } from './exchange';
import { endedEarly, FetchFailure, timedOut, titleOf, tooDeep, unexpectedStatus } from './failures';
import { outgoingOf } from './request/outgoing';
import type { Outgoing } from './request/outgoing';
import { parametersOf } from './request/parameters';
import type { Parameters } from './request/parameters';
import { defaultPolicy, isRetried, matchesStatus, pauseAfter, retryAfter } from './retries';
import type { Tried } from './retries';
import { within } from './time-limit';
import type { Delay } from './time-limit';

/** What a fetch gets when its author says nothing, and the most it gets whatever they say. */
export interface FetchLimits {
  /** Milliseconds for one attempt, the whole answer included. */
  readonly timeout: number;
  /** Of an answer, unpacked. */
  readonly maxBytes: number;
  readonly redirects: number;
}

export interface UndiciFetcherOptions {
  /** Hosts and networks besides the public internet (`MILLRACE_FETCH_ALLOW`); see AllowList. */
  readonly allow: readonly string[];
  /** The public URL of the gateway: always reachable, wherever its name leads. */
  readonly ownOrigin?: string;
  /** 30 s, 10 MiB and 3 where not given. */
  readonly limits?: Partial<FetchLimits>;
  readonly clock: Clock;
  /** Places the pauses between attempts within their jitter: a number in [0, 1). */
  readonly random?: () => number;
  readonly resolver?: NameResolver;
  /** Waits, for pauses and time limits. */
  readonly delay?: Delay;
}

/** A fetch that is ready to be tried. */
interface Call {
  readonly parameters: Parameters;
  readonly outgoing: Outgoing;
  readonly terms: Omit<Terms, 'signal'>;
  readonly timeout: number;
  readonly policy: RetryPolicy;
}

const LIMITS: FetchLimits = { timeout: 30_000, maxBytes: 10 * 1024 * 1024, redirects: 3 };

/** The fetch of the automation language over undici, behind an EgressGuard. */
export class UndiciFetcher extends Fetcher {
  private readonly limits: FetchLimits;
  private readonly exchange: Exchange;
  private readonly underWay = new Set<Promise<Answer>>();
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly delay: Delay;

  /** Throws `runtime.fetch_allow_invalid` for an allow list it cannot read. */
  constructor({ allow, ownOrigin, limits, clock, random, resolver, delay }: UndiciFetcherOptions) {
    super();
    const guard = new EgressGuard({
      allow,
      ...(ownOrigin === undefined ? {} : { ownOrigin }),
      resolver: resolver ?? new SystemNameResolver(),
    });
    this.exchange = new Exchange(guard, guardedAgent(guard));
    this.limits = { ...LIMITS, ...limits };
    this.clock = clock;
    this.random = random ?? Math.random;
    this.delay = delay ?? ((milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }));
  }

  override async fetch(request: FetchRequest, options: FetchOptions): Promise<FetchOutcome> {
    try {
      return await this.repeated(this.callOf(request, options), options.signal);
    } catch (error) {
      if (error instanceof FetchFailure) return { error: error.error };
      throw error;
    }
  }

  /** Waits for attempts under way, each of which has its time limit, then cuts the connections. */
  override async close(): Promise<void> {
    await Promise.allSettled(this.underWay);
    await this.exchange.close();
  }

  private callOf(request: FetchRequest, options: FetchOptions): Call {
    const parameters = parametersOf(request);
    const outgoing = outgoingOf(parameters, options);
    const { timeout, maxBytes, redirects } = this.limits;
    return {
      parameters,
      outgoing,
      terms: {
        title: titleOf(outgoing.method, outgoing.url),
        maxBytes: Math.min(parameters.maxBytes ?? maxBytes, maxBytes),
        redirects: Math.min(parameters.redirects ?? redirects, redirects),
      },
      timeout: Math.min(options.timeout ?? timeout, timeout),
      policy: options.retry ?? defaultPolicy(outgoing.method, sendsOwnKey(parameters)),
    };
  }

  /** Tries until an outcome stands; the last one counts. */
  private async repeated(call: Call, signal: AbortSignal): Promise<FetchOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.attempt(call, signal);
      if (attempt >= call.policy.attempts || !isRetried(tried, call.policy)) return tried.outcome;
      const asked = retryAfter(tried.retryAfter, this.clock);
      await this.delay(pauseAfter(attempt, call.policy, asked, this.random()), signal).catch((reason: unknown) => {
        throw signal.aborted ? endedEarly(call.terms.title) : reason;
      });
    }
  }

  private async attempt(call: Call, outer: AbortSignal): Promise<Tried> {
    const { title } = call.terms;
    try {
      return triedBy(await this.answerTo(call, outer), call.parameters, title);
    } catch (error) {
      if (outer.aborted) throw endedEarly(title);
      if (error instanceof FetchFailure) return { outcome: { error: error.error } };
      throw error;
    }
  }

  private async answerTo({ outgoing, terms, timeout }: Call, outer: AbortSignal): Promise<Answer> {
    const limit = { milliseconds: timeout, delay: this.delay, late: () => timedOut(terms.title, timeout) };
    const answer = within(limit, outer, (signal) => this.exchange.answerTo(outgoing, { ...terms, signal }));
    this.underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.underWay.delete(answer);
    }
  }
}

function triedBy(answer: Answer, { outputMode, expect }: Parameters, title: string): Tried {
  const { status } = answer;
  const headers = headersOf(answer.headers);
  const wait = headerOf(answer.headers, 'retry-after');
  const body = bodyIn(answer, outputMode ?? 'body', title);
  const isExpected = !expect || expect.length === 0 || expect.some((pattern) => matchesStatus(pattern, status));
  return {
    outcome: isExpected ? { value: { status, headers, body } } : { error: unexpectedStatus(title, status, body).error },
    status,
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
}

function bodyIn(answer: Answer, mode: NonNullable<Parameters['outputMode']>, title: string): ReturnType<typeof bodyOf> {
  try {
    return bodyOf(answer, mode);
  } catch (error) {
    throw error instanceof TooDeep ? tooDeep(title, DEEPEST) : error;
  }
}

/** A key the author sends lets the other side tell a repetition from a second request. */
function sendsOwnKey({ headers }: Parameters): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'idempotency-key');
}
