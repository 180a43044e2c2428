/** When work begins: not all of it in one turn of the event loop, so that whoever comes meanwhile is heard. */
export abstract class Turns {
  /** Resolves when work may begin, in the order asked; undefined: at once, as nearly always. */
  abstract next(): Promise<void> | undefined;

  /** Milliseconds that everybody has waited lately, at least, and the first of those waiting has; 0: nobody waits. */
  abstract waited(): number;
}
