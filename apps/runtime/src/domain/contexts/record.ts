import type { Json, JsonMap } from '@millrace/kernel';
import type { Limits, SharedContext, WriteRequest } from '@millrace/language';
import { withoutExpired, written, type Fleeting } from './expiries';
import type { Holder, Transience } from './lifetimes';
import { contextTooLarge } from './refusals';

const KIB = 1024;
const MARKER_LIFE = 31 * 86_400_000;

/** Most characters of JSON, by context. */
export type Sizes = Limits['contexts'];

/** What holds when the server's settings say nothing else. */
export const DEFAULT_SIZES: Sizes = {
  global: 512 * KIB,
  user: 128 * KIB,
  session: KIB * KIB,
  socket: 128 * KIB,
  run: 512 * KIB,
  config: 128 * KIB,
};

/** A write of a run whose result is awaited gives this, however often it is asked for. */
export type WriteResult = { readonly revision: number; readonly value: Json };

/** What a run is called by when it writes: the same name, the same writes. */
export interface Flush {
  readonly run: string;
  readonly number: number;
}

/** That a flush is in the value, so that it is not applied twice. `result` if it is awaited. */
export interface Marker extends Flush {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly result?: WriteResult;
}

/** A context as it is kept. Markers and expiries never leave with its value. */
export interface ContextRecord extends Fleeting {
  /** Grows with every change, and across deletions with time; 0: there is nothing. */
  readonly revision: number;
  readonly markers: readonly Marker[];
  readonly transience?: Transience | undefined;
  /** The runs for which it is kept, if it lives with a correlation. */
  readonly holders?: readonly Holder[];
}

export const NOTHING: ContextRecord = { revision: 0, value: {}, expiries: [], markers: [] };

/** What a record must obey while it is changed. */
export interface Bounds {
  readonly now: number;
  readonly sizes: Sizes;
}

/** The record as it is now: without the keys whose time has come, and without markers that nobody will ask for. */
export function agedTo(record: ContextRecord, now: number, isSettled: (marker: Marker) => boolean): ContextRecord {
  const markers = record.markers.filter((marker) => marker.at > now - MARKER_LIFE && !isSettled(marker));
  return { ...record, ...withoutExpired(record, now), markers };
}

/** The marker a flush left; undefined: it is not in the value. */
export function markerOf({ markers }: ContextRecord, { run, number }: Flush): Marker | undefined {
  return markers.find((marker) => marker.run === run && marker.number === number);
}

/** The record with the writes of a flush, all of them or (throwing what the language refuses, or `runtime.context_too_large`) none. */
export function withFlush(record: ContextRecord, flush: Flush, writes: readonly WriteRequest[], bounds: Bounds): ContextRecord {
  const { after } = withWrites(record, writes, bounds);
  return { ...after, markers: [...record.markers, markerFor(flush, bounds.now)] };
}

/** The record with one write whose result is awaited; throws as `withFlush` does. */
export function withAwaited(record: ContextRecord, flush: Flush, write: WriteRequest, bounds: Bounds): ContextRecord {
  const { after, result } = withWrites(record, [write], bounds);
  const marker = { ...markerFor(flush, bounds.now), result: { revision: after.revision, value: result } };
  return { ...after, markers: [...record.markers, marker] };
}

/** The record with writes that are done once and never repeated; throws as `withFlush` does. */
export function withWrites(
  record: ContextRecord,
  writes: readonly WriteRequest[],
  { now, sizes }: Bounds,
): { readonly after: ContextRecord; readonly result: Json } {
  let fleeting: Fleeting = record;
  let result: Json = null;
  for (const write of writes) ({ after: fleeting, result } = written(fleeting, write, now));
  const [first] = writes;
  if (first !== undefined) refuseGrowth(first.context, record.value, fleeting.value, sizes);
  return { after: { ...record, ...fleeting, revision: revisionAfter(record, now) }, result };
}

/** The record with another value as a whole, none of whose keys runs out. */
export function withValue(record: ContextRecord, context: SharedContext, value: JsonMap, { now, sizes }: Bounds): ContextRecord {
  refuseGrowth(context, record.value, value, sizes);
  return { ...record, value, expiries: [], revision: revisionAfter(record, now) };
}

/** Characters of JSON. Markers do not count. */
export function sizeOf({ value }: Pick<ContextRecord, 'value'>): number {
  return JSON.stringify(value).length;
}

function markerFor({ run, number }: Flush, at: number): Marker {
  return { run, number, at };
}

/** By the clock, so that what is written after a deletion does not have a revision that somebody still holds. */
function revisionAfter({ revision }: ContextRecord, now: number): number {
  return Math.max(revision + 1, now);
}

/** A context that is too large already, since the limit was lowered, may still shrink. */
function refuseGrowth(context: SharedContext, before: JsonMap, after: JsonMap, sizes: Sizes): void {
  const most = sizes[context];
  const size = sizeOf({ value: after });
  if (size > most && size >= sizeOf({ value: before })) throw contextTooLarge(context, most);
}
