import { DomainError } from '@millrace/kernel';
import { formatPosition, type Pattern } from '@millrace/messaging';
import type { NotRecovered } from '../../domain/live/resume';
import type { Outlet } from '../ports/outlet';
import type { LiveEvent } from './live-event';
import type { LiveFeed } from './live-feed';
import type { Subscription } from './group';
import { lossOf } from './subscribe';

/** Milliseconds that a receiver may lag because it takes too slowly. */
const PATIENCE = 30_000;

/** Whose subscriptions are led. */
export interface Led {
  /** What of the log holds all it may have. */
  readonly pattern: Pattern;
  /** Whether an event is for this receiver at all. */
  mayHave(event: LiveEvent): boolean;
  deliver(event: LiveEvent, subscriptions: readonly Subscription[]): void;
  /** The subscription has everything up to the head: from now on it follows. */
  follow(subscription: Subscription): void;
  /** What these subscriptions missed cannot be had. */
  lose(reason: NotRecovered, subscriptions: Iterable<Subscription>): void;
}

/**
 * Leads the subscriptions of one receiver from their cursors to the head of the feed, at the receiver's pace: from the ring where that
 * reaches back far enough, else from the log. Those that arrive follow the feed from exactly there.
 */
export class CatchUp {
  private readonly subscriptions = new Set<Subscription>();
  private running = false;
  /** The reading in hand no longer begins where the rearmost subscription stands. */
  private stale = false;
  private behindSince: number | undefined;

  constructor(
    private readonly led: Led,
    private readonly feed: LiveFeed,
    private readonly outlet: Outlet,
  ) {}

  add(subscription: Subscription): void {
    this.subscriptions.add(subscription);
    this.stale = true;
    if (!this.running) void this.run();
  }

  remove(subscription: Subscription): void {
    this.subscriptions.delete(subscription);
  }

  /** Up to where all of them have come; the head when none is on its way. */
  reached(): bigint {
    return this.rearmost();
  }

  /** The receiver is the reason why all its subscriptions have to catch up. */
  behind(): void {
    this.behindSince = this.feed.parts.clock.now();
    this.feed.parts.measures.behind.inc();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      while (this.subscriptions.size > 0 && (await this.outlet.room())) {
        if (this.tooSlow()) throw slow(formatPosition({ epoch: this.feed.epoch, offset: this.rearmost() }));
        this.stale = false;
        const from = this.rearmost();
        if (this.feed.covers(from)) this.throughRing(from);
        else if (!(await this.feed.recall(from))) await this.throughLog(from);
      }
    } catch (error) {
      if (!(error instanceof DomainError)) this.feed.parts.log.error('Missed events could not be read.', { error });
      this.outlet.end(error instanceof DomainError ? error : broken());
    } finally {
      this.running = false;
      this.noLongerBehind();
    }
  }

  private throughRing(from: bigint): void {
    for (const event of this.feed.wantedBy(new Set([...this.subscriptions].map(({ group }) => group)), from)) {
      if (!this.outlet.hasRoom()) return;
      this.pass(event);
    }
    this.moveTo(this.feed.head);
    for (const subscription of this.subscriptions) {
      this.subscriptions.delete(subscription);
      this.led.follow(subscription);
    }
    this.noLongerBehind();
  }

  private async throughLog(from: bigint): Promise<void> {
    const { epoch, head, parts } = this.feed;
    try {
      for await (const logged of parts.eventLog.read({ epoch, offset: from + 1n }, this.led.pattern, { live: false })) {
        if (this.stale) return;
        this.pass(this.feed.wrap(logged));
        if (this.feed.covers(logged.position.offset) || !(await this.outlet.room())) return;
      }
      if (!this.stale) this.moveTo(head);
    } catch (error) {
      const reason = lossOf(error);
      if (reason === undefined) throw error;
      this.led.lose(reason, this.subscriptions);
    }
  }

  /** Delivers an event to those that want it and are not past it yet. */
  private pass(event: LiveEvent): void {
    if (this.led.mayHave(event)) {
      const wanting = [...this.subscriptions].filter(({ cursor, group }) => cursor < event.offset && group.wants(event));
      if (wanting.length > 0) this.led.deliver(event, wanting);
    }
    this.moveTo(event.offset);
  }

  private moveTo(offset: bigint): void {
    for (const subscription of this.subscriptions) if (subscription.cursor < offset) subscription.cursor = offset;
  }

  private rearmost(): bigint {
    return [...this.subscriptions].reduce((least, { cursor }) => (cursor < least ? cursor : least), this.feed.head);
  }

  private tooSlow(): boolean {
    return this.behindSince !== undefined && this.feed.parts.clock.now() - this.behindSince > PATIENCE;
  }

  private noLongerBehind(): void {
    if (this.behindSince === undefined) return;
    this.behindSince = undefined;
    this.feed.parts.measures.behind.dec();
  }
}

function slow(position: string): DomainError {
  return new DomainError(
    'events.slow',
    'exhausted',
    `You take events more slowly than they happen. Connect again and go on from ${position}.`,
    {
      facts: { position },
    },
  );
}

function broken(): DomainError {
  return new DomainError('events.feed_broken', 'unavailable', 'The events you missed cannot be read just now. Connect again and resume.');
}
