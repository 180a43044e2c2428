import { DomainError } from '@millrace/kernel';
import type { LoggedEvent, Position } from '../../event';
import { eventFilter } from '../../event-filter';
import type { Pattern, ReadOptions } from '../../event-log';
import { epochChanged, logClosed, positionExpired } from '../../refusals';
import type { LogNames } from '../server/log-names';
import type { Line } from '../server/line';
import { OFFSETS_PER_MESSAGE, offsetOf, sequenceFrom } from '../stream-event';
import type { StreamEvent } from '../stream-event';
import { FIRST_PAGE } from './pages';
import type { Looked, Pages } from './pages';
import type { Tail } from './tail';

const AGAIN_AFTER = 500;

/** How far the log reaches, in sequences. */
export interface Reach {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
}

export interface Readable {
  readonly line: Line;
  readonly names: LogNames;
  readonly pages: Pages;
  readonly tail: Tail;
  readonly closing: AbortSignal;
  /** The epoch as it is known now. */
  readonly epoch: () => string;
}

/** Reads the log from a position on. `reach` is how far it reached at the call: where a reader begins and ends is decided by that. */
export function readLog(
  log: Readable,
  reach: Promise<Reach>,
  from: Position | 'first' | 'now',
  filter: Pattern,
  options: ReadOptions,
): AsyncIterable<LoggedEvent> {
  const wants = eventFilter([filter]);
  // Nobody may be waiting yet.
  reach.catch(() => undefined);
  return (async function* read() {
    const { epoch, first, last } = await reach;
    const reading = {
      log,
      options,
      epoch,
      end: options.live ? Infinity : last,
      filter: filter === '*.>' ? undefined : log.names.filterOf(filter),
    };
    for await (const events of pagesFrom(reading, startOf(from, { epoch, first, last }), last)) {
      for (const event of events) {
        if (options.signal?.aborted === true) return;
        if (event.sequence <= reading.end && wants(event.workspace, event.type)) yield event.event;
      }
    }
  })();
}

interface Reading {
  readonly log: Readable;
  readonly options: ReadOptions;
  readonly epoch: string;
  readonly end: number;
  readonly filter: string | undefined;
}

async function* pagesFrom(reading: Reading, start: number, last: number): AsyncGenerator<readonly StreamEvent[]> {
  const { log, options, end } = reading;
  const { signal, live } = options;
  const news = listen(log, signal);
  if (live) log.tail.follow(last);
  try {
    for (let after = start; after < end && signal?.aborted !== true;) {
      assertSame(reading, after);
      const known = live ? Math.max(last, log.tail.last) : end;
      const looked = after < known ? await look(reading, after, known, after === start ? FIRST_PAGE : undefined) : undefined;
      if (looked === undefined) await news.next(known);
      else if (looked.events.length > 0) yield looked.events;
      after = looked?.upTo ?? after;
    }
  } finally {
    news.stop();
  }
}

/** The next events after one; undefined: not now, the server is away and the reader has time. */
async function look(reading: Reading, after: number, known: number, most?: number): Promise<Looked | undefined> {
  const { log, options, filter } = reading;
  const newest = options.live ? log.tail.page(after) : undefined;
  if (newest !== undefined) return { events: newest, upTo: newest.at(-1)?.sequence ?? known };
  try {
    const looked = await log.pages.page(after, known, filter, most);
    if (looked === undefined) throw positionExpired(positionAfter(reading, after), Number(offsetOf(after + 1)));
    return looked;
  } catch (fault) {
    if (options.live && !log.closing.aborted && fault instanceof DomainError && fault.code === 'log.unavailable') return undefined;
    throw fault;
  }
}

function assertSame(reading: Reading, after: number): void {
  const { log, epoch } = reading;
  if (log.closing.aborted) throw logClosed();
  if (log.epoch() !== epoch) throw epochChanged(positionAfter(reading, after), log.epoch());
}

/** The sequence before the first event. */
function startOf(from: Position | 'first' | 'now', { epoch, first, last }: Reach): number {
  if (from === 'now') return last;
  if (from === 'first') return first - 1;
  if (from.epoch !== epoch || from.offset > offsetOf(last) + 1n) throw epochChanged(from, epoch);
  const start = sequenceFrom(from.offset);
  if (start < first) throw positionExpired(from, first * OFFSETS_PER_MESSAGE);
  return start - 1;
}

function positionAfter({ epoch }: Reading, after: number): Position {
  return { epoch, offset: offsetOf(after) + 1n };
}

/** Tells of new events, of the end of the log, and of the reader's signal. */
function listen(log: Readable, signal: AbortSignal | undefined): { next(known: number): Promise<void>; stop(): void } {
  let wake = (): void => undefined;
  const onNews = (): void => wake();
  const stopListening = log.tail.onNews(onNews);
  signal?.addEventListener('abort', onNews);
  return {
    next: async (known) => {
      if (log.closing.aborted || signal?.aborted === true || log.tail.last > known) return;
      const timer = setTimeout(onNews, AGAIN_AFTER);
      await new Promise<void>((resolve) => (wake = resolve));
      clearTimeout(timer);
    },
    stop: () => {
      stopListening();
      signal?.removeEventListener('abort', onNews);
    },
  };
}
