// The last line of `npm test`: printed by the launcher, not by jest, so that it also ends a run in which jest itself fell over.
import { existsSync, readFileSync, rmSync } from 'node:fs';

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
  /** @type {Counts | undefined} */
  const counts = existsSync(COUNTS) ? JSON.parse(readFileSync(COUNTS, 'utf8')) : undefined;
  return formatCounts(counts ?? { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 });
}

/**
 * The line that ends a run of tests or gates.
 * @param {Counts} counts
 */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
