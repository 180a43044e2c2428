import type { Erasure } from '../../domain/leaving/erasure';

/**
 * The erasures of people, for all gateways. Kept by a hash of who it is, for a year: long enough that a restored backup can be erased
 * again. Every call may refuse with `kv.unavailable`.
 */
export abstract class Erasures {
  /** Keeps a new one, unless there is one of this person. Answers whether it is new. */
  abstract begin(user: string, erasure: Erasure): Promise<boolean>;
  /** A word that finds the erasure for who has no account any more: 256 random bits, kept nowhere. */
  abstract receipt(user: string): Promise<string>;
  abstract byReceipt(receipt: string): Promise<Erasure | undefined>;
  /** Replaces one by what `change` makes of it; `change` must be pure. Undefined: there is none. */
  abstract change(user: string, change: (erasure: Erasure) => Erasure): Promise<Erasure | undefined>;
  /** Those of which the services were not told yet. */
  abstract untold(): Promise<readonly Erasure[]>;
  /** The right to look after them all, for `life` milliseconds; it may be asked for again and again by whoever has it. */
  abstract lease(life: number): Promise<boolean>;
  /** Until when the removals at the provider were seen, milliseconds since 1970; undefined: nobody looked yet. */
  abstract seenUntil(): Promise<number | undefined>;
  abstract setSeenUntil(time: number): Promise<void>;
}
