import type { Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';

/** What became of one appended event: `busy` may be tried again, `refused` never will be taken as it is. */
export type ItemResult =
  { readonly kind: 'stored' } | { readonly kind: 'busy'; readonly reason: string } | { readonly kind: 'refused'; readonly reason: string };

/** Place of an event in the order of history: when the log accepted it, then its offset. */
export interface HistoryMark {
  readonly recordedAt: number;
  readonly offset: bigint;
}

export interface HistoryQuery {
  readonly workspaceId: string;
  /** Type patterns, any of which must match; absent: all types. */
  readonly types?: readonly string[];
  readonly where?: Filter;
  /** Words that must all occur in the payload; `"a phrase"`, within one of its values; `pref*`. Case and accents do not count. */
  readonly text?: string;
  /** Milliseconds since 1970, `from` inclusive, `to` exclusive, on the event's time. */
  readonly from?: number;
  readonly to?: number;
  readonly sort: 'newest' | 'oldest';
  /** 1 to 200, else `history.limit_invalid`. */
  readonly limit: number;
  /** Go on behind this mark. */
  readonly after?: HistoryMark;
}

/** A search over workspaces, for who runs the platform. */
export interface WideQuery extends Omit<HistoryQuery, 'workspaceId'> {
  /** Ids; absent: all workspaces, and the platform itself. */
  readonly workspaces?: readonly string[];
}

export interface HistoryPage {
  readonly items: readonly LoggedEvent[];
  /** Present when there is more. */
  readonly next?: HistoryMark;
}

/**
 * Counts of events by the values of one field, most first, or by spans of time in milliseconds, earliest first, empty ones left out.
 * `field`: `type` or `payload.<path>`; an event counts for every value with which `field = value` holds, so once for each item of a
 * list, and for `null` when it has none.
 */
export interface AggregateQuery {
  readonly workspaceId: string;
  readonly types?: readonly string[];
  readonly where?: Filter;
  /** As that of a search. */
  readonly text?: string;
  readonly from?: number;
  readonly to?: number;
  readonly by: { readonly field: string; readonly limit: number } | { readonly every: number };
  /** Gives up when it is aborted: rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** `value`: of the field, or the time at which a span begins; spans are counted from 1970, UTC. */
export interface AggregateBucket {
  readonly value: string | number | boolean | null;
  readonly count: number;
}

/** The searchable index of events. An event is known by workspace and id: appending it again changes nothing. */
export abstract class History {
  /** Stores the events; each answers for itself, in the order given. A `stored` one is durable and can be found. */
  abstract append(events: readonly LoggedEvent[]): Promise<readonly ItemResult[]>;
  /** The event, as it was appended. */
  abstract get(workspaceId: string, id: string): Promise<LoggedEvent | undefined>;
  /** One page. The order is that of `(recordedAt, offset)`, so new events never shift a page. */
  abstract search(query: HistoryQuery): Promise<HistoryPage>;
  /** As `search`, of many workspaces. */
  abstract searchWidely(query: WideQuery): Promise<HistoryPage>;
  /** Counts all events that fit. */
  abstract aggregate(query: AggregateQuery): Promise<readonly AggregateBucket[]>;
  /** The workspaces that have events, by id. */
  abstract workspaces(): Promise<readonly string[]>;
  /** Removes a workspace's events recorded before a time (milliseconds since 1970); answers how many. */
  abstract drop(workspaceId: string, before: number): Promise<number>;
  /**
   * Removes these events of a workspace for good: when it resolves, nothing finds them. Answers how many were there; an id that is not known is
   * no error. Nothing remembers that they were there: one that is appended again, as by who had it in hand meanwhile, is back.
   */
  abstract remove(workspaceId: string, ids: readonly string[]): Promise<number>;
  /** Lets go of the store. Later calls are refused with `history.closed`. */
  abstract close(): Promise<void>;
}
