import type { Rule } from '@millrace/auth';
import type { DomainError, Principal } from '@millrace/kernel';
import { formatPosition, SqliteEventLog, type LoggedEvent, type NewEvent } from '@millrace/messaging';
import { Metrics, PinoLog } from '@millrace/observability';
import { VirtualTime } from '@millrace/testing';
import type { Quota } from '../src/application/live/attendance/quota';
import { Listener } from '../src/application/live/listener';
import { LiveFeed, type FeedParts } from '../src/application/live/live-feed';
import { WorkspaceReading } from '../src/application/live/reading/workspace-reading';
import type { SubscribeAnswer, SubscribeRequest } from '../src/application/live/subscribe';
import { Measures } from '../src/application/measures';
import { Outlet, type Delivery, type News } from '../src/application/ports/outlet';
import { ProtobufEnvelopeJson } from '../src/infrastructure/protobuf-envelope-json';
import { permitted } from './permitted';

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };

/** A receiver whose queue is emptied when the test says so, or at once. */
export class Receiver extends Outlet {
  readonly id = 'socket-1';
  readonly received: Delivery[] = [];
  readonly news: News[] = [];
  ended: DomainError | undefined;
  private queued = 0;
  private gone = false;
  private waiting: ((open: boolean) => void)[] = [];
  private watching = new Set<() => void>();

  constructor(private limit = Number.POSITIVE_INFINITY) {
    super();
  }

  override hasRoom = (): boolean => !this.gone && this.queued < this.limit;

  override room(): Promise<boolean> {
    if (this.gone || this.hasRoom()) return Promise.resolve(!this.gone);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  override deliver(delivery: Delivery): void {
    this.received.push(delivery);
    this.queued += 1;
    this.look();
  }

  override tell(news: News): void {
    this.news.push(news);
    this.look();
  }

  override end(reason: DomainError): void {
    this.ended = reason;
    this.drain(0, true);
    this.look();
  }

  /** Takes what is queued; from then on the queue holds so many. */
  drain(limit = this.limit, gone = false): void {
    this.limit = limit;
    this.gone = gone;
    this.queued = 0;
    for (const resolve of this.waiting.splice(0)) resolve(!gone);
  }

  /** Resolves when this holds of what has come. */
  until(holds: (receiver: Receiver) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this)) return;
        this.watching.delete(look);
        resolve();
      };
      this.watching.add(look);
      look();
    });
  }

  /** The ids of the events, as they came. */
  ids(): string[] {
    return this.received.map(({ text }) => (JSON.parse(text.json) as { id: string }).id);
  }

  private look(): void {
    for (const look of [...this.watching]) look();
  }
}

/** A log that cannot be read while `failure` says so; what is done when a reading has come to its end is up to the test. */
class FailingLog extends SqliteEventLog {
  failure: Error | undefined;
  atEnd: () => Promise<void> = async () => undefined;

  override async *read(...asked: Parameters<SqliteEventLog['read']>): AsyncGenerator<LoggedEvent> {
    for await (const event of super.read(...asked)) {
      if (this.failure !== undefined && !asked[2].live) throw this.failure;
      yield event;
    }
    await this.atEnd();
  }
}

/** A log in memory, a feed that follows it, and ways to say and to hear something. `cleanups` gets how to be rid of it. */
export async function liveBench(cleanups: (() => Promise<void>)[], options: Pick<FeedParts, 'ring' | 'farthest'> = {}) {
  const clock = new VirtualTime(1_000_000);
  const eventLog = new FailingLog({ file: ':memory:', clock });
  const parts = { measures: new Measures(new Metrics('events')), log: new PinoLog('events', 'silent') };
  const feed = new LiveFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, alarms: clock, ...parts, ...options });
  const stopping = new AbortController();
  let passed = Promise.withResolvers<void>();
  let next = 1;

  const follow = async (): Promise<void> => {
    for await (const event of eventLog.read(feed.next, '*.>', { live: true, signal: stopping.signal })) {
      feed.take(event);
      passed.resolve();
      passed = Promise.withResolvers();
    }
  };
  feed.begin(await eventLog.range(), 'epoch');
  const following = follow().catch(() => undefined);
  cleanups.push(async () => {
    stopping.abort();
    await following;
    await eventLog.close();
  });

  const draft = (more: Partial<NewEvent> = {}): NewEvent => ({
    ...{ id: `e${next++}`, workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new TextEncoder().encode('{"total":1}') },
    ...{ correlationId: 'req_1', actor: { kind: 'user', id: 'ada' }, source: {} },
    ...more,
  });
  /** Appends, and resolves when the feed has seen it. */
  const say = async (...events: readonly Partial<NewEvent>[]): Promise<readonly string[]> => {
    const drafts = events.map(draft);
    const last = (await eventLog.append(drafts)).at(-1)?.position.offset ?? 0n;
    while (feed.head < last) await passed.promise;
    return drafts.map(({ id }) => id);
  };
  const listen = (receiver = new Receiver(), workspaceId = 'ws_1', quota?: Quota) => {
    return { receiver, listener: new Listener(new WorkspaceReading(readerIn(workspaceId), clock), feed, receiver, feed.head, quota) };
  };
  return { clock, eventLog, feed, draft, say, listen, head: () => formatPosition({ epoch: feed.epoch, offset: feed.head }) };
}

/** Ada, who may read what these rules let her of a workspace; all of it when none are given. */
export const readerIn = (workspaceId: string, rules?: readonly Rule[]) => ({
  ...{ workspaceId, principal: ada },
  permission: permitted(ada, 'read', rules),
});

/** Subscribes, and resolves when the subscription has begun. */
export async function subscribe(listener: Listener, request: Partial<SubscribeRequest> = {}): Promise<SubscribeAnswer> {
  const { answer, begin } = await listener.subscribe({ id: 'a', ...request });
  begin();
  await Promise.resolve();
  await Promise.resolve();
  return answer;
}

/** So many events, of which it does not matter what they say. */
export const many = (count: number): Partial<NewEvent>[] => Array.from({ length: count }, () => ({}));
