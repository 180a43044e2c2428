import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { COUNTS } from '../launch/closing-line.mjs';

/** @typedef {Record<'numPassedTests' | 'numFailedTests' | 'numRuntimeErrorTestSuites' | 'numPendingTests' | 'numTodoTests', number>} JestResult */

/** Leaves a run's counts where the launcher finds them for the closing line. A file that did not load counts as one failure. */
export default class CountsReporter {
  /**
   * @param {unknown} _contexts
   * @param {JestResult} result
   */
  onRunComplete(_contexts, result) {
    const counts = {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    };
    mkdirSync(dirname(COUNTS), { recursive: true });
    writeFileSync(COUNTS, JSON.stringify(counts));
  }
}
