/** How far this process is behind its work. */
export abstract class Lateness {
  /** Milliseconds by which the event loop is late. Costs next to nothing. */
  abstract now(): number;
}
