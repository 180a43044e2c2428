import { setImmediate } from 'node:timers/promises';
import type { LoggedEvent, Position } from '../event';
import { eventFilter } from '../event-filter';
import type { Pattern, ReadOptions } from '../event-log';
import { epochChanged, logClosed, positionExpired } from '../refusals';
import type { LogContents } from './store/log-contents';
import type { StoredEvent } from './store/stored-event';

const PAGE = 256;

/** Reads the log from a position on. Where it begins is decided at the call, not when the loop begins. */
export function readLog(
  contents: LogContents,
  from: Position | 'first' | 'now',
  filter: Pattern,
  options: ReadOptions,
  closing: AbortSignal,
): AsyncIterable<LoggedEvent> {
  const wants = eventFilter([filter]);
  const end = options.live ? Infinity : contents.last;
  const pages = pagesFrom(contents, startOf(contents, from), { ...options, end, closing });
  return (async function* read() {
    for await (const page of pages) {
      for (const event of page) {
        if (options.signal?.aborted === true) return;
        if (event.offset <= end && wants(event.workspace, event.type)) yield event.event;
      }
    }
  })();
}

interface Paging extends ReadOptions {
  readonly end: number;
  readonly closing: AbortSignal;
}

async function* pagesFrom(contents: LogContents, start: () => number, paging: Paging): AsyncGenerator<readonly StoredEvent[]> {
  const { closing, signal, end } = paging;
  const news = listen(contents, signal);
  const isAtEnd = (after: number): boolean => after >= contents.last && after < end && !closing.aborted && signal?.aborted !== true;
  try {
    for (let after = start(); after < end && signal?.aborted !== true;) {
      if (closing.aborted) throw logClosed();
      if (after + 1 < contents.first) throw positionExpired(positionOf(contents, after + 1), contents.first);
      const page = contents.page(after, PAGE);
      if (page.length > 0) yield page;
      after = page.at(-1)?.offset ?? after;
      // A long way through events that are not wanted must not keep the event loop.
      if (page.length === PAGE) await setImmediate();
      else if (isAtEnd(after)) await news.next();
    }
  } finally {
    news.stop();
  }
}

/** The offset before the first event; told by a function because a refusal belongs into the loop. */
function startOf(contents: LogContents, from: Position | 'first' | 'now'): () => number {
  const { last } = contents;
  const { epoch } = contents.limits;
  if (from === 'now') return () => last;
  if (from === 'first') return () => contents.first - 1;
  return () => {
    if (from.epoch !== epoch || from.offset > BigInt(last) + 1n) throw epochChanged(from, epoch);
    return Number(from.offset) - 1;
  };
}

function positionOf(contents: LogContents, offset: number): Position {
  return { epoch: contents.limits.epoch, offset: BigInt(offset) };
}

/** Tells of appends, of the end of the log, and of the reader's signal. `next` resolves at the first of them after the call. */
function listen(contents: LogContents, signal: AbortSignal | undefined): { next(): Promise<void>; stop(): void } {
  let wake = (): void => undefined;
  const onNews = (): void => wake();
  const stopListening = contents.onAppend(onNews);
  signal?.addEventListener('abort', onNews);
  return {
    next: () => new Promise((resolve) => (wake = resolve)),
    stop: () => {
      stopListening();
      signal?.removeEventListener('abort', onNews);
    },
  };
}
