const STEP = 0x6d2b79f5;

/**
 * Chance that repeats: the same seed draws the same numbers (mulberry32).
 * @param {number} seed
 */
export function chanceOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + STEP) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** From 0 to 1, 1 excluded. */
    next,
    /**
     * A whole number from 0 to `end`, `end` excluded.
     * @param {number} end
     */
    below: (end) => Math.floor(next() * end),
  };
}

/** @typedef {ReturnType<typeof chanceOf>} Chance */
