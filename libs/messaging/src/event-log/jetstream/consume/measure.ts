/** A thousand is what most events have. */
const FIRST_GUESS = 1_024;
/** How many events the usual size is a mean of, about. */
const MEMORY = 16;
const AT_LEAST = 8;

/** How much to have at hand. */
export interface Ahead {
  readonly events: number;
  /** About so many, when events are as large as they usually are. */
  readonly bytes: number;
}

/** How many events to have at hand, by the size that they usually have. */
export class Measure {
  #usual = FIRST_GUESS;

  constructor(private readonly most: Ahead) {}

  get ahead(): number {
    const { events, bytes } = this.most;
    return Math.max(Math.min(events, AT_LEAST), Math.min(events, Math.floor(bytes / this.#usual)));
  }

  /** An event of so many bytes came. */
  saw(bytes: number): void {
    this.#usual += (bytes - this.#usual) / MEMORY;
  }
}
