// `npm run simulate [-- runtime] [--seeds 10000] [--from 0] [--seed N]`: plays runs under crashes, pauses, repeated deliveries and reordered
// acknowledgements, and compares with what they are without. `-- workspaces [--seeds 1000] [--seed 1]`: plays sequences of what is done to a
// workspace, and compares with a simple model. Exit code 1 when a promise was not kept.
import { parseArgs } from 'node:util';

const BAD_USE = 2;
const USAGE = {
  runtime: '--seeds, --from and --seed are whole numbers, from 0',
  workspaces: '--seeds and --seed are whole numbers, from 0',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } },
});
const [subject = 'runtime', ...rest] = positionals;
const [seeds, from, seed] = [values.seeds, values.from, values.seed].map((text) => (text === undefined ? undefined : Number(text)));
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  if (rest.length > 0 || (subject !== 'runtime' && subject !== 'workspaces'))
    return badUse(`what is simulated is one of: ${Object.keys(USAGE).join(', ')}.`);
  const isWhole = [seeds, from, seed].every((number) => number === undefined || (Number.isInteger(number) && number >= 0));
  if (!isWhole || (subject === 'workspaces' && from !== undefined)) return badUse(`${USAGE[subject]}.`);
  if (subject === 'workspaces') return (await import('./workspaces.mjs')).simulateWorkspaces(seeds, seed);
  return (await import('./runtime/run.mjs')).simulateRuns({ seeds, from, seed });
}

/**
 * @param {string} message
 * @returns {number} the exit code
 */
function badUse(message) {
  console.error(`npm run simulate: ${message}`);
  return BAD_USE;
}
