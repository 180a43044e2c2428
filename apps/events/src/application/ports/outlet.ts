import type { DomainError } from '@millrace/kernel';
import type { LoggedEvent, NewEvent } from '@millrace/messaging';

/** An event as JSON; the same object for all who get it alike, so that what is made of it can be kept for them. */
export interface EventText {
  readonly json: string;
}

/** An event for one receiver. */
export interface Delivery {
  /** Counts the receiver's deliveries one by one. */
  readonly n: number;
  /** The subscriptions it is for. */
  readonly subs: readonly string[];
  /** Absent for an event that is on no log. */
  readonly offset?: bigint;
  /** The event as the receiver may see it. */
  readonly text: EventText;
  /** The event with all that is in it, be it that the receiver may not see some. */
  readonly event: NewEvent | LoggedEvent;
}

/** What a receiver is told besides events. With `auth.expiring` it hears when what it came with ends (RFC 3339). A subscription with a `gap` goes on behind the position `from`; what a topic brought ends with `revoked`. */
export type News =
  | { readonly kind: 'auth.expiring'; readonly expiresAt: string }
  | { readonly kind: 'revoked'; readonly topic: string }
  | { readonly kind: 'gap'; readonly sub: string; readonly reason: string; readonly from: string }
  | { readonly kind: 'caught-up'; readonly sub: string; readonly position: string };

/** The way to one receiver, with a queue of limited size: a socket, a stream. */
export abstract class Outlet {
  /** Events targeted at a socket name it by this. */
  abstract readonly id: string;
  /** Whether the queue takes another delivery. */
  abstract hasRoom(): boolean;
  /** Resolves when the queue takes deliveries again: true; false when the receiver is gone. */
  abstract room(): Promise<boolean>;
  /** Queues a delivery, even beyond the limit. */
  abstract deliver(delivery: Delivery): void;
  abstract tell(news: News): void;
  /** Says why, then lets go of the receiver. */
  abstract end(reason: DomainError): void;
}
