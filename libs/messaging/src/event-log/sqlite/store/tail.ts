import type { StoredEvent } from './stored-event';

const MOST_EVENTS = 4_096;
const MOST_BYTES = 8 * 1024 * 1024;

/** The newest events in memory: who keeps up with the log reads no rows and decodes each event once for all readers. */
export class Tail {
  #events: StoredEvent[] = [];
  #start = 0;
  #bytes = 0;

  push(event: StoredEvent): void {
    this.#events.push(event);
    this.#bytes += event.body.length;
    while (this.#bytes > MOST_BYTES || this.#events.length - this.#start > MOST_EVENTS) this.#dropOldest();
  }

  /** The events after an offset; undefined when the tail does not reach back that far. */
  page(after: number, limit: number): readonly StoredEvent[] | undefined {
    const oldest = this.#events[this.#start];
    if (oldest === undefined || oldest.offset > after + 1) return undefined;
    const from = this.#start + after + 1 - oldest.offset;
    return this.#events.slice(from, from + limit);
  }

  clear(): void {
    this.#events = [];
    this.#start = 0;
    this.#bytes = 0;
  }

  #dropOldest(): void {
    this.#bytes -= this.#events[this.#start]?.body.length ?? 0;
    this.#start += 1;
    if (this.#start < MOST_EVENTS) return;
    this.#events = this.#events.slice(this.#start);
    this.#start = 0;
  }
}
