/**
 * Seeds that once showed a mistake of the engine: they are always played. (Whoever changes what scenarios are made of looks for others: a
 * seed is worth what its scenario is.)
 */
export const KEPT_SEEDS: readonly number[] = [
  // Two processes fire one timer; the one that wins dies, the other one has deleted it.
  24,
  // The event that woke a run comes again after the run has released something and its process died.
  36,
  // A branch releases after another one has begun to wait; then a crash.
  72,
  // An event is matched before the news of a wait that was put before it.
  145,
  // Two deliveries take on the same run in one process.
  73,
  // A process that was away keeps a run that has ended elsewhere.
  436,
  // A process that was away writes a context again, after nobody remembers that it did.
  398,
  // Two calls with one key, at once.
  661,
  // A wait that time has ended is known for ever.
  13,
  // An answer is promised after it was given elsewhere.
  2_824,
  // Somebody's decision is in no checkpoint when the process dies.
  4_519,
  // An event was in hand before the process was away, its run begins after.
  6_796,
  // Somebody else took on a run that waits for its place, again and again: its event is not to blame.
  32_686,
  // Mended before they were kept: take-overs, flushes and timers met in other orders.
  ...[2_981, 10_614, 10_831, 11_749, 12_075, 17_164, 19_248, 27_481, 35_359, 36_927, 44_035],
];
