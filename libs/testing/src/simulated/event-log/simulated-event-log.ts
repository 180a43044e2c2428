import { EventLog, type Appended, type Consumption, type DeadLetters, type Durable, type DurableStanding } from '@millrace/messaging';
import type { LoggedEvent, LogRange, NewEvent, Pattern, Position, ReadOptions, TrimOptions } from '@millrace/messaging';
import type { Link, Operation } from '../link';
import { Lane } from '../time/lane';
import type { Task } from '../time/scheduler';
import type { LogStore } from './log-store';
import { Member, type Handle } from './member';
import { readLog } from './reader';
import { logClosed } from './refusals';
import { SimulatedDeadLetters } from './simulated-dead-letters';

/** The log as one process of a simulated world has it. */
export class SimulatedEventLog extends EventLog {
  readonly #appends = new Lane<Task>();
  readonly #members = new Set<Member>();
  readonly #closing = new AbortController();

  constructor(
    private readonly store: LogStore,
    private readonly link: Link,
  ) {
    super();
  }

  /** `since` is not needed here: an id is known as long as its event is kept. */
  override async append(events: readonly NewEvent[]): Promise<readonly Appended[]> {
    if (events.length === 0) return [];
    const kept = events.map((event) => ({ ...event, payload: new Uint8Array(event.payload) }));
    return this.#ask({
      name: 'log.append',
      about: kept.map(({ type, id }) => `${type} ${id}`).join(', '),
      isDurable: true,
      lane: this.#appends,
      effect: () => this.store.append(kept),
    });
  }

  override async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    const member = await this.#ask({
      name: `log.consume ${durable.name}`,
      isDurable: true,
      effect: () => {
        const queue = this.store.begin(durable);
        const joining = new Member(durable, queue, handle, this.link);
        this.#members.add(joining);
        queue.join(joining, durable);
        return joining;
      },
    });
    let left: Promise<void> | undefined;
    return { stop: (grace) => (left ??= this.#leave(member, grace)) };
  }

  override read(from: Position | 'first' | 'now', filter: Pattern, options: ReadOptions): AsyncIterable<LoggedEvent> {
    return readLog(this.store, this.link, { ...options, from, filter, closing: this.#closing.signal });
  }

  override range(): Promise<LogRange> {
    return this.#ask({ name: 'log.range', effect: () => this.store.range() });
  }

  override at(time: number): Promise<Position> {
    return this.#ask({ name: 'log.at', effect: () => this.store.positionAt(time) });
  }

  override durables(): Promise<readonly DurableStanding[]> {
    return this.#ask({ name: 'log.durables', effect: () => this.store.standings() });
  }

  override dead(durable: string): DeadLetters {
    return new SimulatedDeadLetters(durable, this.store, { ask: (operation) => this.#ask(operation) });
  }

  override async remove(positions: readonly Position[]): Promise<void> {
    await this.#ask({ name: 'log.remove', isDurable: true, effect: () => this.store.erase(positions) });
  }

  override trim(before: Position, { abandoned = [] }: TrimOptions = {}): Promise<number> {
    return this.#ask({ name: 'log.trim', isDurable: true, effect: () => this.store.trim(before, abandoned) });
  }

  override async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#members].map((member) => this.#leave(member, 0)));
  }

  async #leave(member: Member, grace: number): Promise<void> {
    await member.stop(grace);
    this.#members.delete(member);
  }

  async #ask<T>(operation: Operation<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw logClosed();
    return this.link.ask(operation);
  }
}
