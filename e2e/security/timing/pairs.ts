/** How long one and the other took, in milliseconds; each pair was measured within a moment, in either order. */
export type Pair = readonly [one: number, other: number];

/**
 * Measures both again and again, by turns, so that whatever else goes on at a busy machine meets either alike: what they differ by then is their
 * own. The first few are not counted.
 */
export async function pairs(count: number, one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<readonly Pair[]> {
  const found: Pair[] = [];
  for (let at = -WARM; at < count; at++) {
    const isTurned = at % 2 === 0;
    const first = await milliseconds(isTurned ? other : one);
    const second = await milliseconds(isTurned ? one : other);
    if (at >= 0) found.push(isTurned ? [second, first] : [first, second]);
  }
  return found;
}

const WARM = 40;

/** The value that so much of them stays below. */
export function quantile(share: number, values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
