/** A stream that can hold back what is written to it. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

/** A turn of the event loop, in which much may be written to one stream: what is held in it is written together at its end. */
export class Turn {
  private static running: Turn | undefined;
  private readonly held: Corkable[] = [];

  private constructor() {
    process.nextTick(() => this.end());
  }

  /** The one that is going on. */
  static get current(): Turn {
    Turn.running ??= new Turn();
    return Turn.running;
  }

  hold(stream: Corkable): void {
    stream.cork();
    this.held.push(stream);
  }

  private end(): void {
    Turn.running = undefined;
    for (const stream of this.held) stream.uncork();
  }
}
