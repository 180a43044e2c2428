/** The time, as an argument. Pure code asks a Clock, never the machine. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  abstract now(): number;
}

/** Calls back when a time has come. */
export abstract class Alarms {
  /** Calls `ring` once, soon after `at` (milliseconds since 1970; one that has passed: at once), never in this turn. Answers how to take it back. */
  abstract set(at: number, ring: () => void): () => void;
}
