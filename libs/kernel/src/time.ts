/** The time, as an argument. Pure code asks a Clock, never the machine. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  abstract now(): number;
}
