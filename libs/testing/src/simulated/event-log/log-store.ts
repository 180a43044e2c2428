import type { Appended, Durable, DurableStanding, LogRange, LoggedEvent, NewEvent, Position } from '@millrace/messaging';
import type { Misfortune } from '../faults';
import type { Scheduler } from '../time/scheduler';
import { DurableQueue } from './durable-queue';
import { epochChanged, eventTooLarge, logFull, positionExpired } from './refusals';

const EPOCH = 'simulated';
const LARGEST_EVENT = 1024 * 1024;
/** What an event takes besides its payload, roughly. */
const ENVELOPE = 200;
const EMPTY = new TextEncoder().encode('{}');

export interface LogParts {
  readonly scheduler: Scheduler;
  readonly misfortune: Misfortune;
  /** Milliseconds after the first, second … failed delivery. */
  readonly backOff: readonly number[];
  /** Bytes. */
  readonly capacity: number;
}

/** What a simulated log holds, all processes together. Every method is one indivisible effect. */
export class LogStore {
  #events: LoggedEvent[] = [];
  #first = 1;
  #bytes = 0;
  readonly #known = new Map<string, Appended>();
  readonly #durables = new Map<string, DurableQueue>();
  readonly #listeners = new Set<() => void>();

  constructor(readonly parts: LogParts) {}

  /** Offset of the oldest event kept; `last + 1` when empty. */
  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#first + this.#events.length - 1;
  }

  range(): LogRange {
    const { capacity } = this.parts;
    return { epoch: EPOCH, first: BigInt(this.first), last: BigInt(this.last), bytes: this.#bytes, capacity };
  }

  /** All of them or none. */
  append(events: readonly NewEvent[]): readonly Appended[] {
    this.#assertRoom(events);
    const appended = events.map((event) => this.#appendOne(event));
    for (const durable of this.#durables.values()) durable.dispatch();
    for (const listener of [...this.#listeners]) listener();
    return appended;
  }

  /** The events after an offset, in order. */
  page(after: number, limit: number): readonly LoggedEvent[] {
    if (after + 1 < this.first) throw positionExpired(after + 1, this.first);
    const from = after + 1 - this.first;
    return this.#events.slice(from, from + limit);
  }

  at(offset: number): LoggedEvent | undefined {
    return this.#events[offset - this.first];
  }

  /** Calls after each append. Answers how to stop. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins it where it says if it never ran. */
  begin(durable: Durable): DurableQueue {
    const known = this.#durables.get(durable.name);
    if (known !== undefined) return known;
    const queue = new DurableQueue(durable, this, this.#startOf(durable));
    this.#durables.set(durable.name, queue);
    return queue;
  }

  durable(name: string): DurableQueue | undefined {
    return this.#durables.get(name);
  }

  erase(positions: readonly Position[]): void {
    for (const position of positions) {
      const offset = this.offsetOf(position);
      const event = this.at(offset);
      if (event === undefined) continue;
      const erased = { ...event, payload: EMPTY };
      this.#events[offset - this.first] = erased;
      for (const durable of this.#durables.values()) durable.letters.erase(erased);
    }
  }

  /** The position of the first event recorded at a time or later; the one behind the last when none was. */
  positionAt(time: number): Position {
    const index = this.#events.findIndex(({ recordedAt }) => recordedAt >= time);
    return { epoch: EPOCH, offset: BigInt(index === -1 ? this.last + 1 : this.first + index) };
  }

  standings(): readonly DurableStanding[] {
    return [...this.#durables]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([name, queue]) => {
        const undone = queue.firstUndone();
        return { name, lag: queue.lag(), ...(undone <= this.last && { undone: { epoch: EPOCH, offset: BigInt(undone) } }) };
      });
  }

  trim(before: Position, abandoned: readonly string[]): number {
    const held = [...this.#durables].map(([name, queue]) => (abandoned.includes(name) ? Infinity : queue.firstUndone()));
    const gone = Math.max(0, Math.min(this.offsetOf(before), this.last + 1, ...held) - this.first);
    for (const event of this.#events.splice(0, gone)) {
      this.#bytes -= sizeOf(event);
      this.#known.delete(keyOf(event));
    }
    this.#first += gone;
    return gone;
  }

  /** Refuses a position of another log. */
  offsetOf(position: Position): number {
    if (position.epoch !== EPOCH) throw epochChanged(position);
    return Number(position.offset);
  }

  #assertRoom(events: readonly NewEvent[]): void {
    const { capacity } = this.parts;
    let bytes = this.#bytes;
    for (const event of events) {
      if (sizeOf(event) > LARGEST_EVENT) throw eventTooLarge(event.id);
      if (!this.#known.has(keyOf(event))) bytes += sizeOf(event);
    }
    if (bytes > capacity) throw logFull(this.#bytes, capacity);
  }

  #appendOne(event: NewEvent): Appended {
    const key = keyOf(event);
    const known = this.#known.get(key);
    if (known !== undefined) return { ...known, duplicate: true };
    const recordedAt = this.parts.scheduler.clock.now();
    const position = { epoch: EPOCH, offset: BigInt(this.last + 1) };
    this.#events.push({ ...event, position, recordedAt });
    this.#bytes += sizeOf(event);
    const appended = { id: event.id, position, recordedAt, duplicate: false };
    this.#known.set(key, appended);
    return appended;
  }

  /** The offset before the first event a new durable gets. */
  #startOf({ start }: Durable): number {
    if (start === 'first') return this.first - 1;
    if (start === 'now') return this.last;
    const offset = this.offsetOf(start);
    if (offset < this.first) throw positionExpired(offset, this.first);
    return offset - 1;
  }
}

function keyOf({ workspaceId, id }: NewEvent): string {
  return `${workspaceId}\u0000${id}`;
}

function sizeOf({ payload }: NewEvent): number {
  return payload.length + ENVELOPE;
}
