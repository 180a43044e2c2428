import { randomUUID } from 'node:crypto';
import type { Json, JsonMap } from '@millrace/kernel';
import type { FetchOutcome, StreamOptions } from '../../../application/ports/fetcher';
import { headerOf, type StreamedAnswer } from '../answer/answer';
import { DEEPEST, TooDeep } from '../answer/json';
import { piecesOf } from '../answer/unpack';
import { failureOf } from '../exchange';
import { endedEarly, fellSilent, FetchFailure, streamLost, tooDeep } from '../failures';
import { within, type Delay } from '../time-limit';
import { EventReader } from './event-reader';

/** Milliseconds after which a stream that nobody reads is closed. */
const UNREAD = 600_000;

interface StreamTerms {
  /** What sentences call the request. */
  readonly title: string;
  /** The most the stream may hold, unpacked. */
  readonly maxBytes: number;
  /** Milliseconds that may pass between two events. */
  readonly timeout: number;
}

interface OpenStream {
  readonly run: string;
  readonly answer: StreamedAnswer;
  readonly terms: StreamTerms;
  readonly items: AsyncGenerator<JsonMap>;
  /** Ends the time for which it may be left unread. */
  unread: AbortController;
}

/** The streams of events that fetches of this process were answered with, each its run's alone. They are read as fast as runs read them. */
export class OpenStreams {
  private readonly streams = new Map<string, OpenStream>();

  constructor(private readonly delay: Delay) {}

  /** Takes an answer in; its handle. */
  open(run: string, answer: StreamedAnswer, terms: StreamTerms): string {
    const handle = randomUUID();
    const stream = { run, answer, terms, items: itemsOf(answer, terms.maxBytes), unread: new AbortController() };
    this.streams.set(handle, stream);
    this.watch(handle, stream);
    return handle;
  }

  /** See `Fetcher.next`. Throws faults only. */
  async next(handle: Json, { run, signal }: StreamOptions): Promise<FetchOutcome> {
    const stream = typeof handle === 'string' ? this.streams.get(handle) : undefined;
    if (typeof handle !== 'string' || stream?.run !== run) return { error: streamLost().error };
    stream.unread.abort();
    try {
      const { done, value } = await this.read(stream, signal);
      this.watch(handle, stream);
      return { value: done === true ? { end: true } : { item: value } };
    } catch (error) {
      this.close(handle, stream);
      const reason = signal.aborted ? endedEarly(stream.terms.title) : failureIn(error, stream.terms);
      if (reason instanceof FetchFailure) return { error: reason.error };
      throw reason;
    }
  }

  /** Closes the streams of a run. */
  closeOf(run: string): void {
    for (const [handle, stream] of this.streams) if (stream.run === run) this.close(handle, stream);
  }

  closeAll(): void {
    for (const [handle, stream] of this.streams) this.close(handle, stream);
  }

  private read({ items, terms: { title, timeout } }: OpenStream, signal: AbortSignal): Promise<IteratorResult<JsonMap, unknown>> {
    const limit = { milliseconds: timeout, delay: this.delay, late: () => fellSilent(title, timeout) };
    return within(limit, signal, () => items.next());
  }

  private watch(handle: string, stream: OpenStream): void {
    stream.unread = new AbortController();
    this.delay(UNREAD, stream.unread.signal).then(
      () => this.close(handle, stream),
      () => undefined,
    );
  }

  private close(handle: string, { answer, unread }: OpenStream): void {
    this.streams.delete(handle);
    unread.abort();
    answer.body.destroy();
  }
}

/** The events of a stream, numbered from 0. */
async function* itemsOf({ headers, body }: StreamedAnswer, maxBytes: number): AsyncGenerator<JsonMap> {
  const reader = new EventReader();
  const decoder = new TextDecoder();
  let index = 0;
  for await (const piece of piecesOf(body, headerOf(headers, 'content-encoding'), maxBytes)) {
    for (const chunk of reader.take(decoder.decode(piece, { stream: true }))) yield { index: index++, chunk };
  }
  for (const chunk of reader.end()) yield { index: index++, chunk };
}

function failureIn(error: unknown, { title, maxBytes }: StreamTerms): unknown {
  if (error instanceof TooDeep) return tooDeep(title, DEEPEST);
  return failureOf(error, { title, maxBytes, signal: NEVER });
}

const NEVER = new AbortController().signal;
