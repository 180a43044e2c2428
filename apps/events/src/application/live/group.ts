import { compileFilter, matchesPattern } from '@millrace/language';
import type { Projection } from '../../domain/live/projection';
import type { NotRecovered } from '../../domain/live/resume';
import type { Concerned } from '../../domain/live/revocation';
import type { TopicChange } from '../../domain/live/topic-change';
import { readWhere } from '../filters';
import type { LiveEvent } from './live-event';

/** Which events a subscription wants, and how much of each. */
export interface Interest {
  /** Patterns, at least one. */
  readonly types: readonly string[];
  /** A filter of the search grammar; empty: all. */
  readonly where: string;
  readonly projection: Projection;
}

/** Whoever has subscriptions, as the feed sees them. */
export interface Follower {
  /** Notes that one of its subscriptions wants this event; true for the first one that does. */
  mark(subscription: Subscription, event: LiveEvent): boolean;
  /** Gets the event for all its subscriptions that were marked. */
  deliverMarked(event: LiveEvent): void;
  /** What it has not got yet cannot be had any more. */
  lose(reason: NotRecovered): void;
  /** These have other rights in this workspace now. Answers whether that ends it. */
  revoke(workspaceId: string, concerned: Concerned): boolean;
  /** Others are in a topic of this workspace now. Answers whether it has lost something by that. */
  note(workspaceId: string, change: TopicChange): boolean;
}

/** One wish of one follower. */
export interface Subscription {
  readonly id: string;
  readonly follower: Follower;
  readonly group: Group;
  /** It has everything up to this offset, or wants nothing before it. */
  cursor: bigint;
  /** Resumed from a position and not yet told that it has caught up. */
  resuming: boolean;
  /** Lost an event that was on no log. */
  dropped: boolean;
}

/** Subscriptions that want the same, so that it is asked and written once for all of them. */
export class Group {
  /** Those that follow the feed; others are still catching up. */
  readonly members = new Set<Subscription>();
  /** Subscriptions that hold on to this group, following or not. */
  holders = 0;
  private readonly accepts: (view: object) => boolean;

  constructor(
    readonly key: string,
    readonly interest: Interest,
  ) {
    this.accepts = interest.where === '' ? () => true : compileFilter(readWhere(interest.where));
  }

  /** Whether an event of one of its types is wanted. */
  passes(event: LiveEvent): boolean {
    return this.accepts(event.view);
  }

  /** Whether an event is wanted. */
  wants(event: LiveEvent): boolean {
    return this.interest.types.some((pattern) => matchesPattern(pattern, event.event.type)) && this.passes(event);
  }
}
