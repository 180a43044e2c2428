// The last line of `npm test`: printed by the launcher, not by jest, so that it also ends a run in which jest itself fell over.
import { rmSync } from 'node:fs';
import { readJson } from './read-json.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** Where the reporter of a jest run leaves its counts. */
export const COUNTS = '.cache/test-counts.json';

/** Forgets the counts of an earlier run. */
export function forgetCounts() {
  rmSync(COUNTS, { force: true });
}

/**
 * The closing line of the run that just ended.
 * @param {number} code jest's exit code
 */
export function closingLine(code) {
  const counts = /** @type {Counts | undefined} */ (readJson(COUNTS));
  return formatCounts(counts ?? { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 });
}

/**
 * The line that ends a run of tests or gates.
 * @param {Counts} counts
 */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
