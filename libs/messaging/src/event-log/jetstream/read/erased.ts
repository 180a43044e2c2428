import type { StreamEvent } from '../stream-event';

/**
 * What is left of erased events: the stream cannot overwrite a message in place, so it is deleted there, and the event without its
 * payload is kept beside. Whoever reads the stream puts it back where it was.
 */
export class Erased {
  #bySequence: ReadonlyMap<number, StreamEvent> = new Map();
  #ordered: readonly StreamEvent[] = [];

  /** The sequence of the oldest. */
  get first(): number | undefined {
    return this.#ordered[0]?.sequence;
  }

  at(sequence: number): StreamEvent | undefined {
    return this.#bySequence.get(sequence);
  }

  replace(events: readonly StreamEvent[]): void {
    this.#ordered = [...events].sort((a, b) => a.sequence - b.sequence);
    this.#bySequence = new Map(events.map((event) => [event.sequence, event]));
  }

  /** Those after one sequence, up to another one, oldest first. */
  between(after: number, upTo: number): readonly StreamEvent[] {
    if (this.#ordered.length === 0) return [];
    return this.#ordered.filter(({ sequence }) => sequence > after && sequence <= upTo);
  }
}
