/** How much the log holds, as the log tells it. Offsets count up, whatever they stand for. */
export interface Held {
  /** Offset of the oldest event kept. */
  readonly first: bigint;
  /** Offset of the newest event. */
  readonly last: bigint;
  readonly bytes: number;
  readonly capacity: number;
}

/** The share of its capacity down to which the log is cut whatever its age: below the half at which somebody is told that it fills. */
const KEPT_SHARE = 0.45;

/** Fine enough for any log: a millionth of it. */
const PARTS = 1_000_000;

/** The offset before which events may go so that the log is as large as it should be: the bytes are taken for evenly spread. */
export function cutForSize({ first, last, bytes, capacity }: Held): bigint {
  const excess = bytes - capacity * KEPT_SHARE;
  if (excess <= 0) return first;
  return first + ((last + 1n - first) * BigInt(Math.ceil((excess / bytes) * PARTS))) / BigInt(PARTS);
}

/** Shares at which somebody is told: half, and when the door closes. */
export const ALERTS = [0.5, 0.8] as const;

/** The highest of the alerts that a share has reached; 0: none. */
export function alertAt({ bytes, capacity }: Pick<Held, 'bytes' | 'capacity'>): number {
  return ALERTS.findLast((level) => bytes >= capacity * level) ?? 0;
}
