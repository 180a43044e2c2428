import type { StoredEvent } from './stored-event';

/** Few, so that an event is gone from memory before the garbage collector takes it for one that stays: readers that keep up are never further behind. */
const MOST_EVENTS = 512;
const MOST_BYTES = 2 * 1024 * 1024;

/** The newest events in memory: who keeps up with the log reads no rows and decodes each event once for all readers. */
export class Tail {
  /** The event at offset n has the place n modulo the length. */
  readonly #events: (StoredEvent | undefined)[] = Array.from({ length: MOST_EVENTS });
  #oldest = 1;
  #newest = 0;
  #bytes = 0;

  /** The next event: its offset is one more than that of the newest. */
  push(event: StoredEvent): void {
    if (this.#newest < this.#oldest) this.#oldest = event.offset;
    if (event.offset - this.#oldest === MOST_EVENTS) this.#dropOldest();
    this.#newest = event.offset;
    this.#events[event.offset % MOST_EVENTS] = event;
    this.#bytes += event.body.length;
    while (this.#bytes > MOST_BYTES) this.#dropOldest();
  }

  /** The events after an offset; undefined when the tail does not reach back that far. */
  page(after: number, limit: number): readonly StoredEvent[] | undefined {
    if (this.#newest < this.#oldest || this.#oldest > after + 1) return undefined;
    const page: StoredEvent[] = [];
    for (let offset = after + 1; offset <= this.#newest && page.length < limit; offset++) {
      const event = this.#events[offset % MOST_EVENTS];
      if (event !== undefined) page.push(event);
    }
    return page;
  }

  clear(): void {
    this.#events.fill(undefined);
    this.#oldest = this.#newest + 1;
    this.#bytes = 0;
  }

  #dropOldest(): void {
    const place = this.#oldest % MOST_EVENTS;
    this.#bytes -= this.#events[place]?.body.length ?? 0;
    this.#events[place] = undefined;
    this.#oldest += 1;
  }
}
