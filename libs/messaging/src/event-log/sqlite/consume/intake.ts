import type { EventFilter } from '../../event-filter';
import type { LogContents } from '../store/log-contents';
import type { StoredEvent } from '../store/stored-event';

const PAGE = 256;

/** Reads the log ahead for one durable, a page at a time. */
export class Intake {
  #page: readonly StoredEvent[] = [];
  #next = 0;

  constructor(
    private readonly contents: LogContents,
    private readonly wants: EventFilter,
    /** All up to there was read. */
    private readTo: number,
  ) {}

  /** All up to there was given out, or is not wanted. */
  get frontier(): number {
    const waiting = this.#page[this.#next];
    return waiting === undefined ? this.readTo : waiting.offset - 1;
  }

  /** Whether the page is used up and the log has another one. */
  get isHungry(): boolean {
    return this.#next === this.#page.length && this.contents.last > this.readTo;
  }

  refill(): void {
    this.#page = this.contents.page(this.readTo, PAGE);
    this.#next = 0;
    this.readTo = this.#page.at(-1)?.offset ?? this.contents.last;
  }

  /** The next wanted event of the page. */
  next(): StoredEvent | undefined {
    while (this.#next < this.#page.length) {
      const event = this.#page[this.#next++];
      if (event !== undefined && this.wants(event.workspace, event.type)) return event;
    }
    return undefined;
  }

  /** Reads what waits again: its bytes were overwritten. */
  reload(): void {
    this.#page = this.#page.slice(this.#next).map((event) => this.contents.at(event.offset) ?? event);
    this.#next = 0;
  }
}
