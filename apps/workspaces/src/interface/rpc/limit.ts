const DEFAULT_LIMIT = 50;

/** Items a list shows: what was asked for, else 50. */
export function limitOf(asked: number): number {
  return asked === 0 ? DEFAULT_LIMIT : asked;
}
