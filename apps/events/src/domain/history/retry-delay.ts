const SHORTEST = 500;
const LONGEST = 30_000;

/** Milliseconds to wait before the store is asked again: 0.5 s doubled with each attempt up to 30 s, and by `chance` (0 to 1) up to 20 % more or less. */
export function retryDelay(attempt: number, chance: number): number {
  const delay = Math.min(LONGEST, SHORTEST * 2 ** (attempt - 1));
  return Math.round(delay * (0.8 + 0.4 * chance));
}
