import type { Alarms, Clock } from '@millrace/kernel';
import type { EventLog, LoggedEvent, LogRange, NewEvent, Position } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { concernedBy } from '../../domain/live/revocation';
import { topicChangeOf } from '../../domain/live/topic-change';
import type { NotRecovered } from '../../domain/live/resume';
import { RecentEvents, type RingLimits } from '../../domain/live/recent-events';
import type { Measures } from '../measures';
import type { EnvelopeJson } from '../ports/envelope-json';
import { Closings } from './closings';
import { LiveConnections } from './connections/live-connections';
import { LiveEvent } from './live-event';
import type { Follower, Group } from './group';
import { Passages } from './resuming/passages';
import { Recall } from './resuming/recall';
import { SubscriptionIndex } from './subscription-index';

/** What is kept of the newest events, in count and bytes. */
const RING: RingLimits = { count: 10_000, weight: 64 * 1024 * 1024 };

/** What is kept of them while nobody listens: who comes back after that is led on from the log. */
const UNHEARD: RingLimits = { count: 100, weight: 1024 * 1024 };

/** Milliseconds in which somebody who left may come back, and somebody who is expected may come. */
const PATIENCE = 120_000;

export interface FeedParts {
  readonly eventLog: EventLog;
  readonly envelopes: EnvelopeJson;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly measures: Measures;
  readonly log: Log;
  /** How much of the newest is kept at hand. */
  readonly ring?: RingLimits;
  /** No client is led through more missed events of its workspace. */
  readonly farthest?: number;
}

/**
 * The log as it goes by: one reader hands each event to this, it hands it to whoever subscribed. Everything happens in the turn in which
 * an event is taken, so that a follower is either in front of an event or behind it, never beside it.
 */
export class LiveFeed {
  readonly index = new SubscriptionIndex();
  /** Those on connections, whatever they follow. */
  readonly closings: Closings;
  /** The same ones, by what they follow. */
  readonly connections = new LiveConnections();
  private readonly followers = new Set<Follower>();
  private readonly passages = new Passages((offset) => this.ring.after(offset));
  private readonly recalling: Recall;
  private ring: RecentEvents<LiveEvent>;
  private logEpoch = '';
  private heardUntil = Number.NEGATIVE_INFINITY;

  constructor(readonly parts: FeedParts) {
    this.ring = new RecentEvents(0n, parts.ring ?? RING);
    this.closings = new Closings(parts.clock);
    this.recalling = new Recall({
      eventLog: parts.eventLog,
      wrap: (logged) => this.wrap(logged),
      atHand: () => ({ ring: this.ring, epoch: this.logEpoch }),
      onRecalled: () => this.passages.forget(),
    });
  }

  get epoch(): string {
    return this.logEpoch;
  }

  /** Offset of the newest event that went by. */
  get head(): bigint {
    return this.ring.head;
  }

  /** Everything after this offset is at hand. */
  get from(): bigint {
    return this.ring.from;
  }

  /** Where the reader goes on. */
  get next(): Position {
    return { epoch: this.logEpoch, offset: this.ring.head + 1n };
  }

  /** Begins at the end of a log. Whoever listens to another one already is told of the gap, for `reason`. */
  begin({ epoch, last }: LogRange, reason: NotRecovered): void {
    this.logEpoch = epoch;
    this.ring = new RecentEvents(last, this.parts.ring ?? RING);
    this.passages.forget();
    for (const follower of this.followers) follower.lose(reason);
  }

  /** The next event of the log. */
  take(logged: LoggedEvent): void {
    const event = this.wrap(logged);
    this.ring.push(event);
    this.passages.take(event);
    if (!this.isHeard()) this.ring.keep(UNHEARD);
    // Before anything that follows in the log is delivered, those whose rights it changes are gone.
    const ended = this.closings.take(logged) + this.connections.take(logged) + this.judge(logged, this.followers);
    this.fanOut(event);
    const { clock, measures } = this.parts;
    for (let count = 0; count < ended; count++) measures.revocationSeconds.observe(Math.max(0, clock.now() - logged.time) / 1000);
    measures.deliverySeconds.observe((clock.now() - logged.recordedAt) / 1000);
  }

  /** An event that is on no log: whoever follows just now gets it. */
  pass(event: NewEvent): void {
    this.fanOut(this.wrap(event));
  }

  wrap(event: NewEvent | LoggedEvent): LiveEvent {
    return new LiveEvent(event, this.parts.envelopes);
  }

  /** Whether every event after this offset is at hand. */
  covers(offset: bigint): boolean {
    return this.ring.covers(offset);
  }

  /** Resolves when every event after this offset is at hand: true; false when only the log has them. */
  recall(offset: bigint): Promise<boolean> {
    return this.recalling.back(offset);
  }

  /** The events at hand after an offset that `covers` allows, which one of these groups wants, oldest first. */
  wantedBy(groups: ReadonlySet<Group>, offset: bigint): readonly LiveEvent[] {
    return this.passages.wantedBy(groups, offset);
  }

  /** Somebody is about to follow: what happens from now on, after the offset this answers, stays at hand for it. */
  expect(): bigint {
    this.heardUntil = this.parts.clock.now() + PATIENCE;
    return this.ring.head;
  }

  /** From now on the follower is told. Its rights were found out after `asOf`, which `expect` answered: what changed them since counts. */
  enter(follower: Follower, asOf: bigint): void {
    this.followers.add(follower);
    for (const { event } of this.ring.after(asOf)) this.judge(event, [follower]);
  }

  leave(follower: Follower): void {
    this.followers.delete(follower);
    this.heardUntil = this.parts.clock.now() + PATIENCE;
  }

  private isHeard(): boolean {
    return this.followers.size > 0 || this.parts.clock.now() < this.heardUntil;
  }

  /** Lets followers know of what changes their rights; answers how many have lost something by it. */
  private judge({ workspaceId, type, payload }: NewEvent, followers: Iterable<Follower>): number {
    const change = topicChangeOf(type, payload);
    const concerned = concernedBy(type, payload);
    if (change === undefined && concerned === undefined) return 0;
    let lost = 0;
    for (const follower of followers) {
      if (change !== undefined && follower.note(workspaceId, change)) lost += 1;
      if (concerned !== undefined && follower.revoke(workspaceId, concerned)) lost += 1;
    }
    return lost;
  }

  private fanOut(event: LiveEvent): void {
    const touched: Follower[] = [];
    for (const group of this.index.match(event)) {
      for (const subscription of group.members) {
        if (subscription.follower.mark(subscription, event)) touched.push(subscription.follower);
      }
    }
    for (const follower of touched) follower.deliverMarked(event);
  }
}
