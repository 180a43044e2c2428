import type { Line } from '../server/line';

/** Milliseconds by which the clocks of the servers and of this process may differ. */
const CLOCKS_APART = 30_000;

/**
 * Whether the server may give an event as new that was given, and done, before: one that was killed and started again does not know all that
 * it had heard. `storedAt`: when it took the event; both in milliseconds since 1970.
 */
export function mayBeForgotten(line: Line, storedAt: number, now: number): boolean {
  const begunAt = now - (performance.now() - line.sessionSince);
  return storedAt <= begunAt + CLOCKS_APART;
}
