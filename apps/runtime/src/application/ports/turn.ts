/** Lets everything else that waits in this process have its turn. */
export abstract class Turns {
  /** Resolves after whatever else was due. `whose`: who had the turn that is over; one that has had many stands back for longer while others are at work. */
  abstract next(whose: object): Promise<void>;
  /** Takes a turn; also says how many milliseconds of CPU that took. */
  abstract timed<T>(turn: () => T): { readonly value: T; readonly cpu: number };
}
