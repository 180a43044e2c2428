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
 * How a subscription begins. `after`: it gets the events behind this offset. `ask`: only the log can say whether they can be had: they
 * are no longer at hand, or it has to have got further than the feed. `fresh`: it begins at the head, and what lay between is lost to it.
 */
export type Beginning =
  | { readonly kind: 'after'; readonly offset: bigint }
  | { readonly kind: 'ask'; readonly offset: bigint }
  | { readonly kind: 'fresh'; readonly offset: bigint; readonly reason: NotRecovered };

/** Where a subscription begins that wants everything since a mark. */
export function beginningOf(since: Mark | undefined, { epoch, from, head }: AtHand): Beginning {
  if (since === undefined) return { kind: 'after', offset: head };
  if (since.epoch !== epoch) return { kind: 'fresh', offset: head, reason: 'epoch' };
  const atHand = since.offset >= from && since.offset <= head;
  return { kind: atHand ? 'after' : 'ask', offset: since.offset };
}
