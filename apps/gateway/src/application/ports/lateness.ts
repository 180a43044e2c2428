/** How far this process is behind its work. */
export abstract class Lateness {
  /** Milliseconds by which the event loop has been late for a while, at least; one long turn is none. Costs next to nothing. */
  abstract now(): number;
}
