// `npm run verify`: every gate in order, and what follows a red one all the same, so that one look shows all that is wrong.
// `npm run check`: the quick ones. `npm run verify -- lint types` runs the named ones, `npm run verify -- --without=cluster` all but that one.
import { formatCounts } from '../launch/closing-line.mjs';
import { STAGES } from './stages.mjs';

/** @typedef {{ name: string, problem: string | undefined, seconds: number }} Result */

const WITHOUT = '--without=';

const words = process.argv.slice(2);
const quick = words.includes('--quick');
const names = words.filter((word) => !word.startsWith('--'));
const without = words.filter((word) => word.startsWith(WITHOUT)).flatMap((word) => word.slice(WITHOUT.length).split(','));
const unknown = [...names, ...without].filter((name) => !STAGES.some((stage) => stage.name === name));

if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}. The stages are: ${STAGES.map((stage) => stage.name).join(', ')}.`);
  process.exitCode = 1;
} else {
  const named = STAGES.filter((stage) => (names.length > 0 ? names.includes(stage.name) : !quick || stage.quick));
  const chosen = named.filter((stage) => !without.includes(stage.name));
  process.exitCode = await verify(chosen);
}

/** @param {import('./stages.mjs').Stage[]} stages */
async function verify(stages) {
  /** @type {Result[]} */
  const results = [];
  for (const stage of stages) {
    const started = Date.now();
    process.stdout.write(`\n── ${stage.name}: ${stage.holds}\n`);
    const problem = await stage.run();
    if (problem !== undefined) console.log(problem);
    const result = { name: stage.name, problem, seconds: (Date.now() - started) / 1000 };
    console.log(line(result));
    results.push(result);
  }
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  console.log(['', ...results.map(line), '', formatCounts({ passed: results.length - failed, failed, skipped: 0 })].join('\n'));
  return failed === 0 ? 0 : 1;
}

/** @param {Result} result */
function line({ name, problem, seconds }) {
  return `${name.padEnd(14)}${(problem === undefined ? 'passed' : 'FAILED').padEnd(8)}${seconds.toFixed(1).padStart(7)} s`;
}
