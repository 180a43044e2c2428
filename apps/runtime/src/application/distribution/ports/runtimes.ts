/** A running instance of this service, as it says of itself. */
export interface RuntimeInstance {
  /** A name no other process ever had. */
  readonly instance: string;
  /** Revision of the records of what runs that it has seen last: it has seen every earlier one. */
  readonly seen: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** The instances of this service that run. What is not said again within ten seconds is forgotten. */
export abstract class Runtimes {
  abstract announce(instance: RuntimeInstance): Promise<void>;
  abstract withdraw(instance: string): Promise<void>;
  /** All that run now, by their names. */
  abstract list(): Promise<readonly RuntimeInstance[]>;
}
