import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How a row names this check, beside specs. */
export const ADVISORIES = 'npm audit';
/** Milliseconds in which the service must have answered. */
const PATIENCE = 30_000;
const LEVELS = ['high', 'critical'];

/** @typedef {{ metadata?: { vulnerabilities: Record<string, number> }, vulnerabilities?: Record<string, { severity: string }> }} Audit */

/**
 * Whether a package that we ship has a weakness that is known to be high or critical. Where the service that knows cannot be reached, nothing
 * was checked, and that is said.
 * @returns {Promise<import('../verdict.mjs').Outcome>}
 */
export async function knownWeaknesses() {
  try {
    const { stdout } = await promisify(execFile)('npm', ['audit', '--omit=dev', '--json', '--loglevel=silent', '--fetch-retries=0'], {
      timeout: PATIENCE,
    });
    return outcomeOf(stdout);
  } catch (error) {
    // npm ends with 1 for a weakness and for no answer alike: what it wrote says which.
    return outcomeOf(/** @type {{ stdout?: string }} */ (error).stdout ?? '');
  }
}

/**
 * @param {string} output of `npm audit --json`
 * @returns {import('../verdict.mjs').Outcome}
 */
export function outcomeOf(output) {
  const { metadata, vulnerabilities = {} } = parsed(output);
  if (metadata === undefined) return { absent: 'not run: the service that knows of weaknesses does not answer here', tests: [] };
  const weak = Object.entries(vulnerabilities).filter(([, { severity }]) => LEVELS.includes(severity));
  const tests = weak.map(([name, { severity }]) => ({ name: `${name} (${severity})`, status: 'failed' }));
  return { tests: tests.length > 0 ? tests : [{ name: 'no weakness above moderate is known', status: 'passed' }] };
}

/**
 * @param {string} output
 * @returns {Audit}
 */
function parsed(output) {
  try {
    return /** @type {Audit} */ (JSON.parse(output));
  } catch {
    return {};
  }
}
