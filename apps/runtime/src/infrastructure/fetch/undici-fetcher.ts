import { setTimeout } from 'node:timers/promises';
import type { Blobs } from '@millrace/blobs';
import type { Clock, Json } from '@millrace/kernel';
import type { FetchRequest, RetryPolicy } from '@millrace/language';
import { Fetcher } from '../../application/ports/fetcher';
import type { FetchOptions, FetchOutcome, StreamOptions } from '../../application/ports/fetcher';
import { headerOf, headersOf } from './answer/answer';
import type { Answer, StreamedAnswer } from './answer/answer';
import { bodyOf, contentTypeOf, isFile } from './answer/content';
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
import { OpenStreams } from './streams/open-streams';
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
  /** Where the gateway answers in public: always reachable, wherever the names lead. */
  readonly ownOrigins?: readonly string[];
  /** 30 s, 10 MiB and 3 where not given. */
  readonly limits?: Partial<FetchLimits>;
  /** Where bodies go that become files. */
  readonly blobs: Blobs;
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
  readonly options: FetchOptions;
}

const LIMITS: FetchLimits = { timeout: 30_000, maxBytes: 10 * 1024 * 1024, redirects: 3 };

/** The fetch of the automation language over undici, behind an EgressGuard. */
export class UndiciFetcher extends Fetcher {
  private readonly limits: FetchLimits;
  private readonly exchange: Exchange;
  private readonly streams: OpenStreams;
  private readonly underWay = new Set<Promise<Answer | StreamedAnswer>>();
  private readonly blobs: Blobs;
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly delay: Delay;

  /** Throws `runtime.fetch_allow_invalid` for an allow list it cannot read. */
  constructor({ allow, ownOrigins = [], limits, blobs, clock, random, resolver, delay }: UndiciFetcherOptions) {
    super();
    const guard = new EgressGuard({
      allow,
      ownOrigins,
      resolver: resolver ?? new SystemNameResolver(),
    });
    this.exchange = new Exchange(guard, guardedAgent(guard));
    this.limits = { ...LIMITS, ...limits };
    this.blobs = blobs;
    this.clock = clock;
    this.random = random ?? Math.random;
    this.delay = delay ?? ((milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }));
    this.streams = new OpenStreams(this.delay);
  }

  override async fetch(request: FetchRequest, options: FetchOptions): Promise<FetchOutcome> {
    try {
      return await this.repeated(this.callOf(request, options));
    } catch (error) {
      if (error instanceof FetchFailure) return { error: error.error };
      throw error;
    }
  }

  override next(stream: Json, options: StreamOptions): Promise<FetchOutcome> {
    return this.streams.next(stream, options);
  }

  override closeStreams(run: string): void {
    this.streams.closeOf(run);
  }

  /** Waits for attempts under way, each of which has its time limit, then cuts the connections, streams and all. */
  override async close(): Promise<void> {
    await Promise.allSettled(this.underWay);
    this.streams.closeAll();
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
        depth: options.depth ?? 0,
        ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
        ...(options.egress === undefined ? {} : { egress: options.egress }),
      },
      timeout: Math.min(options.timeout ?? timeout, timeout),
      options,
      policy: options.retry ?? defaultPolicy(outgoing.method, sendsOwnKey(parameters)),
    };
  }

  /** Tries until an outcome stands; the last one counts. */
  private async repeated(call: Call): Promise<FetchOutcome> {
    const { signal } = call.options;
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.attempt(call);
      if (attempt >= call.policy.attempts || !isRetried(tried, call.policy)) return tried.outcome;
      const asked = retryAfter(tried.retryAfter, this.clock);
      await this.delay(pauseAfter(attempt, call.policy, asked, this.random()), signal).catch((reason: unknown) => {
        throw signal.aborted ? endedEarly(call.terms.title) : reason;
      });
    }
  }

  private async attempt(call: Call): Promise<Tried> {
    const { title } = call.terms;
    try {
      const answer = await this.answerTo(call);
      return 'body' in answer ? { outcome: this.opened(call, answer) } : await this.triedBy(call, answer);
    } catch (error) {
      if (call.options.signal.aborted) throw endedEarly(title);
      if (error instanceof FetchFailure) return { outcome: { error: error.error } };
      throw error;
    }
  }

  private async answerTo({ outgoing, terms, timeout, options }: Call): Promise<Answer | StreamedAnswer> {
    const limit = { milliseconds: timeout, delay: this.delay, late: () => timedOut(terms.title, timeout) };
    const answer = within(limit, options.signal, (signal) => this.exchange.answerTo(outgoing, { ...terms, signal }));
    this.underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.underWay.delete(answer);
    }
  }

  /** A stream is left open for the run to read. */
  private opened({ parameters, terms, timeout, options }: Call, answer: StreamedAnswer): FetchOutcome {
    const { status } = answer;
    if (!isExpected(parameters, status) || options.signal.aborted) {
      answer.body.destroy();
      throw unexpectedStatus(terms.title, status, null);
    }
    const stream = this.streams.open(options.run, answer, { ...terms, timeout });
    return { value: { status, headers: headersOf(answer.headers), stream } };
  }

  private async triedBy(call: Call, answer: Answer): Promise<Tried> {
    const { status } = answer;
    const wait = headerOf(answer.headers, 'retry-after');
    const body = await this.bodyOf(call, answer);
    const value = { status, headers: headersOf(answer.headers), body };
    return {
      outcome: isExpected(call.parameters, status) ? { value } : { error: unexpectedStatus(call.terms.title, status, body).error },
      status,
      ...(wait === undefined ? {} : { retryAfter: wait }),
    };
  }

  private async bodyOf({ parameters, terms, options }: Call, answer: Answer): Promise<Json> {
    const mode = parameters.outputMode ?? 'body';
    if (isFile(answer, mode)) {
      const { size } = await this.blobs.put(options.file, answer.bytes);
      return { contentType: contentTypeOf(answer), size, file: options.file };
    }
    try {
      return bodyOf(answer, mode);
    } catch (error) {
      throw error instanceof TooDeep ? tooDeep(terms.title, DEEPEST) : error;
    }
  }
}

/** Whether a status is one that the author expects. */
function isExpected({ expect }: Parameters, status: number): boolean {
  return !expect || expect.length === 0 || expect.some((pattern) => matchesStatus(pattern, status));
}

/** A key the author sends lets the other side tell a repetition from a second request. */
function sendsOwnKey({ headers }: Parameters): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'idempotency-key');
}
