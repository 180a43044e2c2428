/** Lets everything else that waits in this process have its turn. */
export abstract class Turns {
  /** Resolves after whatever else was due. */
  abstract next(): Promise<void>;
}
