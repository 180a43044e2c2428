/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Of two contestants, how many times the one is as fast as the other, pair by pair.
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function ratiosOf(ours, theirs) {
  return ours.map((speed, round) => speed / (theirs[round] ?? Number.NaN));
}

/**
 * A median with what it lies between.
 * @param {readonly number[]} values
 * @param {number} digits
 */
export function spread(values, digits = 2) {
  return `${median(values).toFixed(digits)} [${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}]`;
}

/**
 * A speed as a person reads it.
 * @param {readonly number[]} speeds
 */
export function perSecond(speeds) {
  return `${Math.round(median(speeds)).toLocaleString('en')}/s`;
}

/** Ratios further apart than this say little of what was measured. */
const STEADY = 0.3;

/**
 * What is said of ratios beside a bar: the median decides, unless they are too far apart to be believed.
 * @param {readonly number[]} ratios
 * @param {boolean} met
 */
export function verdict(ratios, met) {
  const middle = median(ratios);
  const isSteady = ratios.every((ratio) => Math.abs(ratio - middle) <= STEADY * middle);
  return `${met ? 'met' : 'missed'}${isSteady ? '' : ' (unsteady)'}`;
}
