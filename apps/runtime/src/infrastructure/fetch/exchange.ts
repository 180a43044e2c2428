import type { Agent, Dispatcher } from 'undici';
import { DEPTH_HEADER } from '../../domain/request';
import { headerOf } from './answer/answer';
import type { Answer, StreamedAnswer } from './answer/answer';
import { isEventStream } from './answer/content';
import { TooManyBytes, unpacked } from './answer/unpack';
import { EgressRefused } from './egress/egress-guard';
import type { EgressGuard } from './egress/egress-guard';
import {
  FetchFailure,
  hostNotPermitted,
  hostNotReached,
  redirectRefused,
  refused,
  tooLarge,
  tooManyRedirects,
  unreachable,
} from './failures';
import { isRedirect, redirected } from './redirects';
import type { Outgoing } from './request/outgoing';

export interface Terms {
  /** What sentences call the request. */
  readonly title: string;
  /** How many redirects are followed; with none, a redirect is the answer. */
  readonly redirects: number;
  /** The most an answer may hold, unpacked. */
  readonly maxBytes: number;
  /** Automations that led to it: told to our own gateway, wherever the way there leads through. */
  readonly depth: number;
  /** Names of the only hosts that its app may reach; any when absent. */
  readonly hosts?: readonly string[];
  /** Names of the only hosts that its workspace reaches; any when absent. */
  readonly egress?: readonly string[];
  readonly signal: AbortSignal;
}

/** One request, its redirects and one answer, read in full unless it is a stream of events. Throws FetchFailure, and the reason of the signal. */
export class Exchange {
  constructor(
    private readonly guard: EgressGuard,
    private readonly agent: Agent,
  ) {}

  async answerTo(first: Outgoing, terms: Terms): Promise<Answer | StreamedAnswer> {
    let request = first;
    for (let followed = 0; ; followed += 1) {
      const response = await this.send(request, terms, followed > 0);
      const location = headerOf(response.headers, 'location');
      if (terms.redirects === 0 || !isRedirect(response.statusCode, location)) return read(response, terms);
      await response.body.dump({ limit: DUMPED, signal: terms.signal });
      if (followed === terms.redirects) throw tooManyRedirects(terms.title, terms.redirects);
      const next = redirected(request, response.statusCode, location);
      if (next === undefined) throw redirectRefused(terms.title);
      request = next;
    }
  }

  /** Cuts every connection. */
  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async send({ url, method, headers, body }: Outgoing, terms: Terms, isRedirected: boolean): Promise<Dispatcher.ResponseData> {
    try {
      if (terms.hosts?.includes(url.hostname) === false) throw hostNotPermitted(terms.title, url.hostname);
      if (terms.egress?.includes(url.hostname) === false) throw hostNotReached(terms.title, url.hostname);
      this.guard.check(url);
      return await this.agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: this.guard.isOwn(url) ? { ...headers, [DEPTH_HEADER]: String(terms.depth) } : headers,
        body: body ?? null,
        signal: terms.signal,
      });
    } catch (error) {
      if (!(error instanceof EgressRefused)) throw failureOf(error, terms);
      throw isRedirected ? redirectRefused(terms.title) : refused(terms.title, error.message);
    }
  }
}

/** Bytes of a redirect's body that are read for the sake of its connection. */
const DUMPED = 64 * 1024;

async function read({ statusCode, headers, body }: Dispatcher.ResponseData, terms: Terms): Promise<Answer | StreamedAnswer> {
  if (statusCode < 400 && isEventStream(headerOf(headers, 'content-type'))) {
    // It may be closed while nobody reads it.
    return { status: statusCode, headers, body: body.on('error', () => undefined) };
  }
  try {
    return { status: statusCode, headers, bytes: await unpacked(body, headerOf(headers, 'content-encoding'), terms.maxBytes) };
  } catch (error) {
    throw failureOf(error, terms);
  }
}

/** What a failure means to an author; a fault is given back as it is, and so is the reason for which the signal was aborted. */
export function failureOf(error: unknown, { title, maxBytes, signal }: Pick<Terms, 'title' | 'maxBytes' | 'signal'>): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof TooManyBytes) return tooLarge(title, maxBytes);
  return error instanceof FetchFailure ? error : unreachable(title, error);
}
