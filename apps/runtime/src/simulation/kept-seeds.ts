/** Seeds that once showed a mistake of the engine: they are always played. */
export const KEPT_SEEDS: readonly number[] = [];
