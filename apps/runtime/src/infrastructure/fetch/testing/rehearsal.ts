import { Clock } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import { MemoryBlobs } from '../../../application/testing/told';
import type { FetchOptions, FetchOutcome } from '../../../application/ports/fetcher';
import { UndiciFetcher } from '../undici-fetcher';
import type { UndiciFetcherOptions } from '../undici-fetcher';
import { HandTimer } from './hand-timer';

class StoppedClock extends Clock {
  override now(): number {
    return Date.UTC(2026, 0, 1);
  }
}

/** A fetcher that may reach this machine, with time in the hands of the spec. */
export class Rehearsal {
  readonly timer = new HandTimer();
  readonly blobs = new MemoryBlobs();
  readonly fetcher: UndiciFetcher;

  constructor(options: Partial<UndiciFetcherOptions> = {}) {
    const chance = { random: () => 0.5, delay: this.timer.delay, clock: new StoppedClock() };
    this.fetcher = new UndiciFetcher({ allow: ['127.0.0.1'], blobs: this.blobs, ...chance, ...options });
  }

  fetch(request: JsonMap & { readonly url: string }, options: Partial<FetchOptions> = {}): Promise<FetchOutcome> {
    const given = {
      run: 'run_1',
      file: 'ws_1/fetched/run_1/2',
      idempotencyKey: 'run_1/2',
      signal: new AbortController().signal,
      ...options,
    };
    return this.fetcher.fetch({ method: 'get', headers: {}, ...request }, given);
  }

  /** The body of an answer. Throws when there was none. */
  async body(request: JsonMap & { readonly url: string }, options: Partial<FetchOptions> = {}): Promise<Json> {
    return (await this.answer(request, options)).body;
  }

  async answer(request: JsonMap & { readonly url: string }, options: Partial<FetchOptions> = {}): Promise<Received> {
    const outcome = await this.fetch(request, options);
    if ('error' in outcome) throw new Error(`${outcome.error.code}: ${outcome.error.message ?? ''}`);
    return outcome.value as unknown as Received;
  }

  /** Opens a stream; its handle. */
  async open(request: JsonMap & { readonly url: string }, options: Partial<FetchOptions> = {}): Promise<Json> {
    return (await this.answer(request, options)).stream;
  }

  /** What comes next in a stream. */
  next(stream: Json, { run = 'run_1', signal = new AbortController().signal }: Partial<FetchOptions> = {}): Promise<FetchOutcome> {
    return this.fetcher.next(stream, { run, signal });
  }

  /** The code of the error. Throws when there was an answer. */
  async code(request: JsonMap & { readonly url: string }, options: Partial<FetchOptions> = {}): Promise<string> {
    return (await this.error(request, options)).code;
  }

  async error(request: JsonMap & { readonly url: string }, options: Partial<FetchOptions> = {}): Promise<Failed> {
    const outcome = await this.fetch(request, options);
    if ('value' in outcome) throw new Error(`answered: ${JSON.stringify(outcome.value)}`);
    return { code: outcome.error.code, message: outcome.error.message ?? '', details: outcome.error.details };
  }
}

interface Received {
  readonly status: number;
  readonly headers: JsonMap;
  readonly body: Json;
  readonly stream: Json;
}

interface Failed {
  readonly code: string;
  readonly message: string;
  readonly details: Json | undefined;
}
