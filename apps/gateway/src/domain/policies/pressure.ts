/** What can be borne: above either, the first are refused. */
export interface Bearable {
  /** Milliseconds by which the event loop is late. */
  readonly late: number;
  /** Calls in hand. */
  readonly calls: number;
}

/** What is borne where no operator says otherwise. */
export const BEARABLE: Bearable = { late: 200, calls: 1_000 };

/** How early requests of a class are refused under overload: 1 first; undefined: never. */
export type Turn = 1 | 2 | 3 | 4 | undefined;

/** From how many times the bearable on each is refused. */
const LIMITS = { 1: 1, 2: 1.25, 3: 1.5, 4: 2 } as const;

/** How hard it is pressed: above 1 is more than can be borne. */
export function pressureOf(lateness: number, inHand: number, { late, calls }: Bearable): number {
  return Math.max(lateness / late, inHand / calls);
}

/** Whether a request of that turn is refused under this pressure. */
export function isShed(turn: Turn, pressure: number): boolean {
  return turn !== undefined && pressure > LIMITS[turn];
}
