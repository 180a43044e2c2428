/** Why a client cannot have everything since its position. */
export type NotRecovered = 'epoch' | 'expired' | 'too-far';

/** A place in the log as clients name it. */
export interface Mark {
  readonly epoch: string;
  readonly offset: bigint;
}

/** What the feed has at hand: the log's epoch, and every event after `from` up to `head`. */
export interface AtHand {
  readonly epoch: string;
  readonly from: bigint;
  readonly head: bigint;
}

/**
 * How a subscription begins. `after`: it gets the events behind this offset. `count`: whether there are too many is only known to the
 * log, which has to be asked. `fresh`: it begins at the head, and what lay between is lost to it.
 */
export type Beginning =
  | { readonly kind: 'after'; readonly offset: bigint }
  | { readonly kind: 'count'; readonly offset: bigint }
  | { readonly kind: 'fresh'; readonly offset: bigint; readonly reason: NotRecovered };

/** No client is led through more missed events of its workspace. */
export const FARTHEST = 50_000;

/** Offsets are whole numbers and rise, so there are never more events between two of them than their difference. */
export function beginningOf(since: Mark | undefined, { epoch, from, head }: AtHand): Beginning {
  if (since === undefined) return { kind: 'after', offset: head };
  if (since.epoch !== epoch) return { kind: 'fresh', offset: head, reason: 'epoch' };
  if (since.offset >= from) return { kind: 'after', offset: since.offset };
  return { kind: 'count', offset: since.offset };
}
