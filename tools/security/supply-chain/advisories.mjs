import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ACCEPTED } from './accepted.mjs';

/** How a row names this check, beside specs. */
export const ADVISORIES = 'npm audit';
/** Milliseconds in which the service must have answered. */
const PATIENCE = 30_000;
const LEVELS = ['high', 'critical'];

/** @typedef {{ url?: string, severity?: string }} Advisory */
/** A package, and what it is weak by: advisories of its own, and the names of packages it needs. */
/** @typedef {{ severity: string, via?: readonly (Advisory | string)[] }} Weak */
/** @typedef {{ metadata?: { vulnerabilities: Record<string, number> }, vulnerabilities?: Record<string, Weak> }} Audit */
/** @typedef {{ package: string, severity: string, advisory: string }} Weakness */
/** @typedef {import('../verdict.mjs').Outcome} Outcome */

/**
 * Whether a package that we ship has a weakness that is known to be high or critical. Where the service that knows cannot be reached, nothing
 * was checked, and that is said.
 * @returns {Promise<Outcome>}
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
 * @param {readonly import('./accepted.mjs').Accepted[]} accepted
 * @param {string} today ISO 8601
 * @returns {Outcome}
 */
export function outcomeOf(output, accepted = ACCEPTED, today = new Date().toISOString()) {
  const { metadata, vulnerabilities = {} } = parsed(output);
  if (metadata === undefined) return { absent: 'not run: the service that knows of weaknesses does not answer here', tests: [] };
  const weaknesses = weaknessesOf(vulnerabilities);
  const inForce = accepted.filter(({ until }) => today < until).map(({ advisory }) => advisory);
  const failed = [
    ...weaknesses
      .filter(({ advisory }) => !inForce.includes(advisory))
      .map(({ package: name, severity, advisory }) => `${name} (${severity}) ${advisory}`.trimEnd()),
    ...accepted
      .filter(({ advisory }) => weaknesses.every((weakness) => weakness.advisory !== advisory))
      .map(({ advisory }) => `${advisory} is accepted, but nothing has it any more`),
  ];
  if (failed.length === 0) return { tests: [{ name: 'no weakness above moderate is known that is not accepted', status: 'passed' }] };
  return { tests: failed.map((name) => ({ name, status: 'failed' })) };
}

/**
 * What is high or worse, where it comes from: a package that is weak only by another one is not named again.
 * @param {Record<string, Weak>} vulnerabilities
 * @returns {Weakness[]}
 */
function weaknessesOf(vulnerabilities) {
  return Object.entries(vulnerabilities).flatMap(([name, { severity, via = [{ severity }] }]) =>
    via.flatMap((each) => {
      if (typeof each === 'string' || !LEVELS.includes(each.severity ?? severity)) return [];
      return { package: name, severity: each.severity ?? severity, advisory: each.url?.split('/').at(-1) ?? '' };
    }),
  );
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
