import { eventFilter, type LoggedEvent, type Pattern, type Position, type ReadOptions } from '@millrace/messaging';
import type { Link } from '../link';
import type { LogStore } from './log-store';
import { epochChanged, logClosed } from './refusals';

const PAGE = 256;

export interface Reading extends ReadOptions {
  readonly from: Position | 'first' | 'now';
  readonly filter: Pattern;
  /** Aborted when this side closes the log. */
  readonly closing: AbortSignal;
}

/** Reads the log from a position on. Where it begins is decided at the call, not when the loop begins. */
export function readLog(store: LogStore, link: Link, reading: Reading): AsyncIterable<LoggedEvent> {
  const wants = eventFilter([reading.filter]);
  const end = reading.live ? Infinity : store.last;
  const start = startOf(store, reading.from);
  return (async function* read() {
    for await (const page of pagesFrom(store, link, reading, { start, end })) {
      for (const event of page) {
        if (reading.signal?.aborted === true) return;
        if (event.position.offset <= end && wants(event.workspaceId, event.type)) yield event;
      }
    }
  })();
}

interface Bounds {
  /** Says what comes before the first event, when the loop begins: a refusal belongs there. */
  readonly start: () => number;
  readonly end: number;
}

async function* pagesFrom(
  store: LogStore,
  link: Link,
  { closing, signal }: Reading,
  { start, end }: Bounds,
): AsyncGenerator<readonly LoggedEvent[]> {
  const news = listen(store, link, signal === undefined ? [closing] : [closing, signal]);
  try {
    for (let after = start(); after < end && signal?.aborted !== true;) {
      if (closing.aborted) throw logClosed();
      const page = await link.ask({ name: 'log.read', effect: () => store.page(after, PAGE) });
      if (page.length > 0) yield page;
      else await news.next();
      after += page.length;
    }
  } finally {
    news.stop();
  }
}

function startOf(store: LogStore, from: Position | 'first' | 'now'): () => number {
  const { last } = store;
  if (from === 'now') return () => last;
  if (from === 'first') return () => store.first - 1;
  return () => {
    if (store.offsetOf(from) > last + 1) throw epochChanged(from);
    return Number(from.offset) - 1;
  };
}

/** Tells of appends and of aborted signals. `next` resolves at the first of them since it was called last. */
function listen(store: LogStore, link: Link, signals: readonly AbortSignal[]): { next(): Promise<void>; stop(): void } {
  let isNew = false;
  let wake = (): void => undefined;
  const onNews = (): void => {
    isNew = true;
    wake();
  };
  const stopListening = store.onAppend(() => link.tell('hears of events', onNews));
  const stopFate = link.onFate({ crashed: stopListening });
  for (const signal of signals) signal.addEventListener('abort', onNews);
  return {
    next: async () => {
      if (!isNew) await new Promise<void>((resolve) => (wake = resolve));
      isNew = false;
    },
    stop: () => {
      stopListening();
      stopFate();
      for (const signal of signals) signal.removeEventListener('abort', onNews);
    },
  };
}
