/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./rows.mjs').Part} Part */

/**
 * What became of the tests of one file. `problem`: why it could not be run at all; `absent`: why there was nothing to run here.
 * @typedef {{ problem?: string | undefined, absent?: string, tests: readonly { name: string, status: string }[] }} Outcome
 */

/**
 * `met`: all parts are shown; `part missing`: what is there holds, but something is not there yet; `failed`: a test failed, could not be
 * run, or is not where the row says it is.
 * @typedef {{ verdict: 'met' | 'part missing' | 'failed', notes: string[], passed: number }} Verdict
 */

/**
 * @param {Row} row
 * @param {ReadonlyMap<string, Outcome>} outcomes of the files that exist, by their names
 * @returns {Verdict}
 */
export function verdictOf({ parts }, outcomes) {
  const found = parts.map((part) => findingOf(part, outcomes));
  const failures = found.flatMap(({ failed }) => failed);
  const missing = found.flatMap((finding) => finding.missing);
  return {
    verdict: failures.length > 0 ? 'failed' : missing.length > 0 ? 'part missing' : 'met',
    notes: [...failures, ...missing],
    passed: found.reduce((sum, { passed }) => sum + passed, 0),
  };
}

/**
 * @param {Part} part
 * @param {ReadonlyMap<string, Outcome>} outcomes
 * @returns {{ failed: string[], missing: string[], passed: number }}
 */
function findingOf(part, outcomes) {
  if ('lacks' in part) return { failed: [], missing: [`${part.what}: waits for ${part.lacks}`], passed: 0 };
  const { what, spec, tests } = part;
  const outcome = outcomes.get(spec);
  if (outcome === undefined) return { failed: [], missing: [`${what}: there is no ${spec} yet`], passed: 0 };
  if (outcome.absent !== undefined) return { failed: [], missing: [`${what}: ${outcome.absent}`], passed: 0 };
  if (outcome.problem !== undefined) return { failed: [`${what}: ${spec} did not run: ${outcome.problem}`], missing: [], passed: 0 };
  const named = outcome.tests.filter(({ name }) => tests === undefined || name.includes(tests));
  if (named.length === 0) return { failed: [`${what}: no test "${tests ?? ''}" in ${spec}`], missing: [], passed: 0 };
  const failed = named.filter(({ status }) => status !== 'passed').map(({ name }) => `${what}: ${spec}: ${name}`);
  return { failed, missing: [], passed: named.length - failed.length };
}

/**
 * The rows as a table, each with what it lacks below it.
 * @param {readonly Row[]} rows
 * @param {readonly Verdict[]} verdicts in the order of the rows
 */
export function tableOf(rows, verdicts) {
  const widest = Math.max(...rows.map(({ holds }) => holds.length));
  return rows
    .flatMap(({ number, holds }, index) => {
      const { verdict = 'failed', notes = [], passed = 0 } = verdicts[index] ?? {};
      const line = `${String(number).padStart(2)}  ${holds.padEnd(widest)}  ${String(passed).padStart(4)}  ${verdict.toUpperCase()}`;
      return [line, ...notes.map((note) => `      – ${note}`)];
    })
    .join('\n');
}
