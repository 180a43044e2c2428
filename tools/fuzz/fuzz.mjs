// `npm run fuzz -- language|events [--minutes N]`: properties over what nobody wrote, for a time: sources of the language, or what is sent to a
// standalone. A failure is shown as small as it could be made, with the command that repeats it.
import '../jest/run-typescript.mjs';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

/**
 * What must hold of anything: a name, and the fast-check property.
 * @typedef {{ name: string, property: import('fast-check').IRawProperty<unknown> }} Target
 */

/**
 * What is fuzzed, made ready. `end` throws when it was not as it should be by then.
 * @typedef {{ targets: readonly Target[], end: () => Promise<void> }} Prepared
 */

/** @type {Record<string, () => Promise<{ readonly prepare: () => Promise<Prepared> }>>} */
const SUBJECTS = { language: () => import('./language/targets.mjs'), events: () => import('./events/targets.mjs') };
const BATCH = 100;
const BAD_USE = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string' },
    path: { type: 'string' },
  },
});
const [subject = ''] = positionals;
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  const load = Object.hasOwn(SUBJECTS, subject) ? SUBJECTS[subject] : undefined;
  if (load === undefined) return refuse(`What is fuzzed is one of: ${Object.keys(SUBJECTS).join(', ')}.`);
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const minutes = Number(values.minutes);
  if (!Number.isInteger(seed) || !(minutes > 0)) return refuse('--seed is a whole number, --minutes one above 0.');
  const { prepare } = await load();
  const { targets, end } = await prepare();
  const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only);
  const code = await (chosen.length === 0 ? unknown(targets) : tried(chosen, seed, minutes));
  await end();
  return code;
}

/**
 * @param {readonly Target[]} targets
 * @param {number} seed
 * @param {number} minutes
 */
function tried(targets, seed, minutes) {
  return values.path === undefined ? fuzz(targets, seed, minutes) : repeat(targets, seed, values.path);
}

/**
 * Takes the targets in turn, a batch each, until the time is over.
 * @param {readonly Target[]} targets
 * @param {number} seed
 * @param {number} minutes
 */
async function fuzz(targets, seed, minutes) {
  console.log(`fuzz ${subject}: seed ${seed}, ${minutes} min, ${targets.map(({ name }) => name).join(', ')}`);
  const tallies = targets.map((target) => ({ target, runs: 0, milliseconds: 0 }));
  const end = performance.now() + minutes * 60_000;
  for (let round = 0; performance.now() < end; round++) {
    for (const tally of tallies) {
      const begun = performance.now();
      const details = await fc.check(tally.target.property, { seed: seed + round, numRuns: BATCH });
      tally.runs += details.numRuns;
      tally.milliseconds += performance.now() - begun;
      if (details.failed) return tell(tally.target, details);
    }
  }
  for (const { target, runs, milliseconds } of tallies) {
    console.log(`  ${target.name.padEnd(12)} ${String(runs).padStart(8)} runs  ${Math.round((1000 * runs) / milliseconds)}/s`);
  }
  console.log(`${tallies.reduce((sum, { runs }) => sum + runs, 0)} runs, 0 failed`);
  return 0;
}

/**
 * @param {readonly Target[]} targets
 * @param {number} seed
 * @param {string} path
 */
async function repeat([target], seed, path) {
  if (target === undefined || values.only === undefined) return refuse('--path goes with --only.');
  const details = await fc.check(target.property, { seed, path, numRuns: BATCH });
  if (details.failed) return tell(target, details);
  console.log(`${target.name}: what failed at this place holds now`);
  return 0;
}

/**
 * @param {Target} target
 * @param {import('fast-check').RunDetails<unknown>} details
 */
function tell({ name }, { seed, counterexample, counterexamplePath, numShrinks, errorInstance }) {
  console.log(`FAILED ${name}, seed ${seed}, made smaller ${numShrinks} times:`);
  console.log(fc.stringify(counterexample));
  console.log(errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance));
  console.log(`Again: npm run fuzz -- ${subject} --only ${name} --seed ${seed} --path ${counterexamplePath}`);
  return 1;
}

/** @param {readonly Target[]} targets */
function unknown(targets) {
  return refuse(`--only is one of: ${targets.map(({ name }) => name).join(', ')}.`);
}

/** @param {string} why */
function refuse(why) {
  console.error(`npm run fuzz -- ${subject}: ${why}`);
  return BAD_USE;
}
