import { DomainError } from '@millrace/kernel';
import { formatPosition, type Pattern } from '@millrace/messaging';
import { mostTypes, type Connected } from '../../domain/live/connected';
import type { NotRecovered } from '../../domain/live/resume';
import type { Concerned } from '../../domain/live/revocation';
import type { TopicChange } from '../../domain/live/topic-change';
import type { EventText, Outlet } from '../ports/outlet';
import { UNLIMITED, type Quota } from './attendance/quota';
import { CatchUp, type Led } from './catch-up';
import type { LiveEvent } from './live-event';
import type { LiveFeed } from './live-feed';
import type { Follower, Subscription } from './group';
import type { Reading } from './reading/reading';
import { answerTo, type Start, type SubscribeAnswer, type SubscribeRequest } from './subscribe';

/** Milliseconds for which whoever is let in stays, when what they go by has ended already. */
const LEAST = 1_000;

/** What was decided on a request, and how to let it take effect once the client has been told. */
export interface Subscribed {
  readonly answer: SubscribeAnswer;
  readonly begin: () => void;
}

/**
 * One receiver with its subscriptions. Each subscription either follows the feed or catches up with it; a receiver that
 * takes too slowly falls back from the one to the other, and so never costs more memory than its queue.
 */
export class Listener implements Follower, Led {
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly catchUp: CatchUp;
  private marked: Subscription[] = [];
  private delivered = 0;
  private closed = false;
  private forgetEnd = (): void => undefined;

  constructor(
    private reading: Reading,
    private readonly feed: LiveFeed,
    private readonly outlet: Outlet,
    /** Head of the feed before the principal's rights were asked for. */
    asOf: bigint,
    private readonly quota: Quota = UNLIMITED,
  ) {
    this.catchUp = new CatchUp(this, feed, outlet);
    this.enter(asOf);
  }

  /** Decides on a subscription; one of the same id is replaced when it begins. */
  async subscribe(request: SubscribeRequest): Promise<Subscribed> {
    if (!this.subscriptions.has(request.id)) this.quota.demand();
    // Counted before it is decided: many may be asked for at once.
    this.quota.add();
    try {
      const start = await answerTo(request, this.reading, this.feed);
      return { answer: start.answer, begin: () => this.begin(request.id, start) };
    } catch (error) {
      this.quota.remove();
      throw error;
    }
  }

  unsubscribe(id: string): void {
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) return;
    this.subscriptions.delete(id);
    this.catchUp.remove(subscription);
    subscription.group.members.delete(subscription);
    this.feed.index.release(this.reading.place, subscription.group);
    this.quota.remove();
    this.feed.parts.measures.subscriptions.dec();
  }

  /** Lets go of everything; nothing is delivered after this. */
  close(): void {
    this.closed = true;
    this.forgetEnd();
    for (const id of [...this.subscriptions.keys()]) this.unsubscribe(id);
    this.feed.leave(this);
  }

  /** What of the log holds all it may have. */
  get pattern(): Pattern {
    return this.reading.pattern;
  }

  /** Up to where everything it wants was delivered. */
  get position(): string {
    return this.positionOf(this.catchUp.reached());
  }

  /** Whether something has happened that it has not looked at yet. */
  get isBehind(): boolean {
    return this.catchUp.reached() < this.feed.head;
  }

  /** What it follows. */
  describe(): Pick<Connected, 'subscriptions' | 'types' | 'behind'> {
    const groups = [...this.subscriptions.values()].map(({ group }) => group);
    return { subscriptions: groups.length, types: mostTypes(groups.flatMap(({ interest }) => interest.types)), behind: this.isBehind };
  }

  /** Notes that a following subscription wants this event; true for the first one that does. */
  mark(subscription: Subscription, event: LiveEvent): boolean {
    if (!this.mayHave(event) || (event.durable && event.offset <= subscription.cursor)) return false;
    return this.marked.push(subscription) === 1;
  }

  /** Delivers to all that were marked, or falls behind when the receiver has taken too little of what came before. */
  deliverMarked(event: LiveEvent): void {
    const { marked } = this;
    this.marked = [];
    if (this.outlet.hasRoom()) this.deliver(event, marked);
    else if (event.durable) this.fallBehind(event.offset - 1n);
    else this.drop(marked);
  }

  /** From now on it may read this, of the same place; found out after `asOf`, the head of the feed before it was asked for. */
  renew(reading: Reading, asOf: bigint): void {
    this.reading = reading;
    this.enter(asOf);
  }

  /** Whether the event is for this receiver at all. */
  mayHave(event: LiveEvent): boolean {
    const socket = event.event.target?.socket;
    if (!this.reading.follows(event.event) || (socket !== undefined && socket !== this.outlet.id)) return false;
    const permission = this.reading.permissionFor(event.event);
    return permission.query === true || permission.allows(event.view);
  }

  /** Delivers once for each way in which the event is wanted. */
  deliver(event: LiveEvent, subscriptions: readonly Subscription[]): void {
    const { fields } = this.reading.permissionFor(event.event);
    const [only] = subscriptions;
    if (only !== undefined && subscriptions.length === 1)
      return this.hand(event, event.text(only.group.interest.projection, fields), [only.id]);
    const bodies = new Map<EventText, string[]>();
    for (const { id, group } of subscriptions) {
      const text = event.text(group.interest.projection, fields);
      const subs = bodies.get(text);
      if (subs === undefined) bodies.set(text, [id]);
      else subs.push(id);
    }
    for (const [text, subs] of bodies) this.hand(event, text, subs);
  }

  /** The subscription has everything up to the head: from now on it follows. */
  follow(subscription: Subscription): void {
    subscription.group.members.add(subscription);
    if (!subscription.resuming) return;
    subscription.resuming = false;
    this.outlet.tell({ kind: 'caught-up', sub: subscription.id, position: this.positionOf(subscription.cursor) });
  }

  /** What these subscriptions missed cannot be had: says so to each, and leads it on from the head. */
  lose(reason: NotRecovered, subscriptions: Iterable<Subscription> = this.subscriptions.values()): void {
    for (const subscription of [...subscriptions]) {
      subscription.cursor = this.feed.head;
      subscription.group.members.delete(subscription);
      this.outlet.tell({ kind: 'gap', sub: subscription.id, reason, from: this.positionOf(subscription.cursor) });
      this.catchUp.add(subscription);
    }
  }

  /** Rights have changed: whoever is concerned is let go, to come back and be judged anew. */
  revoke(workspaceId: string, concerned: Concerned): boolean {
    if (!this.reading.isConcerned(workspaceId, concerned)) return false;
    this.outlet.end(rightsChanged());
    return true;
  }

  /** Who is no longer in a topic is told so, and gets nothing more that is for those who are. */
  note(workspaceId: string, change: TopicChange): boolean {
    if (!this.reading.note(workspaceId, change) || change.kind !== 'left') return false;
    this.outlet.tell({ kind: 'revoked', topic: change.topic });
    return true;
  }

  /** What has changed its rights since they were asked for counts, and so does the end that they come to by themselves. */
  private enter(asOf: bigint): void {
    this.forgetEnd();
    const { until } = this.reading;
    const { alarms, clock } = this.feed.parts;
    // What was just granted and has ended here goes by another clock, a little behind: to come back at once, again and again, helps nobody.
    const now = clock.now();
    const end = until !== undefined && until <= now ? now + LEAST : until;
    if (end !== undefined) this.forgetEnd = alarms.set(end, () => this.outlet.end(rightsChanged()));
    this.feed.enter(this, asOf);
  }

  private begin(id: string, { interest, cursor, resuming }: Start): void {
    this.unsubscribe(id);
    if (this.closed) return this.quota.remove();
    const group = this.feed.index.hold(this.reading.place, interest);
    const subscription = { id, follower: this, group, cursor, resuming, dropped: false };
    this.subscriptions.set(id, subscription);
    this.feed.parts.measures.subscriptions.inc();
    this.catchUp.add(subscription);
  }

  private hand({ event, durable, offset }: LiveEvent, text: EventText, subs: readonly string[]): void {
    this.delivered += 1;
    this.outlet.deliver({ n: this.delivered, subs, text, event, ...(durable ? { offset } : {}) });
    this.feed.parts.measures.deliveries.inc();
  }

  private positionOf(offset: bigint): string {
    return formatPosition({ epoch: this.feed.epoch, offset });
  }

  private fallBehind(offset: bigint): void {
    for (const subscription of this.subscriptions.values()) {
      if (!subscription.group.members.delete(subscription)) continue;
      if (subscription.cursor < offset) subscription.cursor = offset;
      this.catchUp.add(subscription);
    }
    this.catchUp.behind();
  }

  private drop(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) subscription.dropped = true;
    void this.outlet.room().then((open) => {
      if (open) this.tellDropped();
    });
  }

  private tellDropped(): void {
    for (const subscription of this.subscriptions.values()) {
      if (!subscription.dropped) continue;
      subscription.dropped = false;
      this.outlet.tell({ kind: 'gap', sub: subscription.id, reason: 'live-dropped', from: this.positionOf(this.feed.head) });
    }
  }
}

function rightsChanged(): DomainError {
  return new DomainError('events.rights_changed', 'unauthenticated', 'Rights in this workspace have changed. Connect again.');
}
