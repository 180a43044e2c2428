/** Whoever has much to do lets others go first now and then. */
export abstract class Turns {
  /** Resolves when everybody else had a turn. */
  abstract next(): Promise<void>;
}
