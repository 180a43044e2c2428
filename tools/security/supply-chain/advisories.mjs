import { outputOf } from '../../verify/command.mjs';

/** How a row names this check, beside specs. */
export const ADVISORIES = 'npm audit';
const LEVELS = ['high', 'critical'];

/** @typedef {{ metadata?: { vulnerabilities: Record<string, number> }, vulnerabilities?: Record<string, { severity: string }> }} Audit */

/**
 * Whether a package that we ship has a weakness that is known to be high or critical. Where the service that knows cannot be reached, nothing
 * was checked, and that is said.
 * @returns {Promise<import('../verdict.mjs').Outcome>}
 */
export async function knownWeaknesses() {
  const { output } = await outputOf('npm', ['audit', '--omit=dev', '--json', '--loglevel=silent']);
  return outcomeOf(output);
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
