import { encodeEvent, formatPosition, parsePosition, type NewEvent, type Position } from '@millrace/messaging';
import { mongo } from 'mongoose';
import { Outbox, type OutboxEntry } from '../../outbox';
import { toldElsewhere } from '../../refusals';
import type { Pending } from '../kept';
import type { Server } from '../server';
import { Turns } from '../turns';
import { keyOf } from './entry';
import { Office } from './office';
import { PendingEvents } from './pending-events';
import { Sequence, type Counter } from './sequence';

interface Aside {
  readonly _id: string;
  readonly event: mongo.Binary;
  readonly reason: string;
}

const ONE = 'one at a time';

/**
 * The outbox of the processes of one service. Events stand in the documents they tell of, numbered in the order of the writes, until
 * they are on the log.
 */
export class MongoOutbox extends Outbox {
  private readonly listeners = new Set<() => void>();
  private readonly turns = new Turns();
  private readonly events: PendingEvents;
  private readonly sequence: Sequence;
  private readonly office: Office;
  private ringing: Promise<void> | undefined;

  constructor(
    private readonly server: Server,
    lease: number,
  ) {
    super();
    this.events = new PendingEvents(server);
    this.sequence = new Sequence(server.collection<Counter>('outbox'));
    this.office = new Office(server, lease, () => this.announce());
  }

  /** The events of a write, as they are kept; `oldest` is the number of the first. */
  async number(events: readonly NewEvent[]): Promise<{ readonly pending: Pending; readonly oldest?: number }> {
    if (events.length === 0) return { pending: {} };
    const first = await this.sequence.take(events.length);
    const numbered = events.map((event, at) => [keyOf(first + at), new mongo.Binary(encodeEvent(event))] as const);
    return { pending: Object.fromEntries(numbered), oldest: first };
  }

  /** Events were written here. */
  wrote(): void {
    this.announce();
    // A bell that fails is made up for: who is in office looks by itself now and then.
    this.ringing ??= this.server
      .use(() => this.office.ring())
      .catch(() => undefined)
      .finally(() => (this.ringing = undefined));
  }

  term(): Promise<string | undefined> {
    return this.server.use(() => this.office.term());
  }

  pending(limit: number): Promise<readonly OutboxEntry[]> {
    return this.inTurn(() => this.events.oldest(limit));
  }

  newest(): Promise<string | undefined> {
    return this.inTurn(() => this.events.newest());
  }

  done(ids: readonly string[], mark: Position): Promise<void> {
    return this.inTurn(async () => {
      // The mark last: it may be older than it could be, never newer than an entry that is left.
      await this.events.forget(ids);
      await this.writeMark(mark);
    });
  }

  keepMark(mark: Position): Promise<void> {
    return this.inTurn(() => this.writeMark(mark));
  }

  mark(): Promise<Position | undefined> {
    return this.inTurn(async () => {
      const mark = await this.office.mark();
      return mark === undefined ? undefined : parsePosition(mark);
    });
  }

  setAside(id: string, reason: string): Promise<void> {
    return this.inTurn(async () => {
      const event = await this.events.bytesOf(id);
      if (event === undefined) return;
      const aside = this.server.collection<Aside>('outbox.aside');
      await aside.replaceOne({ _id: id }, { event: new mongo.Binary(event), reason }, { upsert: true });
      await this.events.forget([id]);
    });
  }

  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Lets another process go on at once. */
  close(): Promise<void> {
    return this.office.close();
  }

  private async writeMark(mark: Position): Promise<void> {
    const term = await this.office.term();
    if (term === undefined || !(await this.office.keepMark(term, formatPosition(mark)))) throw toldElsewhere();
  }

  private inTurn<R>(work: () => Promise<R>): Promise<R> {
    return this.server.use(() => this.turns.run(ONE, work));
  }

  private announce(): void {
    for (const listener of this.listeners) listener();
  }
}
