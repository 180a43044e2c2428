/**
 * How long work that must be done in order was on its way: milliseconds from an event on the log to what its run told first, least first.
 * @param {readonly import('./evidence.mjs').Fact[]} log
 */
export function delaysOf(log) {
  const begun = new Map(log.filter(({ type }) => type === 'chaos.begun').map(({ payload, recordedAt }) => [payload.n, recordedAt]));
  const passed = log.filter(({ type }) => type === 'chaos.passed');
  return passed.map(({ payload, recordedAt }) => recordedAt - (begun.get(payload.n) ?? recordedAt)).sort((one, other) => one - other);
}

/**
 * The delay that so many of a hundred stay below.
 * @param {readonly number[]} delays least first
 * @param {number} percent
 */
export function percentile(delays, percent) {
  return delays[Math.min(delays.length - 1, Math.floor((delays.length * percent) / 100))] ?? 0;
}
