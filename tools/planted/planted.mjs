// `npm run planted [-- runtime] [--seeds 2000]`: plants mistakes in the engine, one at a time and in memory only, and looks whether the
// simulation notices. `-- events [--seed N]`: plants mistakes in a copy of the built standalone, and looks whether chaos notices. Exit code 1
// when one of them was not noticed.
import '../jest/run-typescript.mjs';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** @typedef {typeof import('../../apps/runtime/src/simulation/planted/caught')} Planting */

const PLANTED = new URL('../../apps/runtime/src/simulation/planted/', import.meta.url);
const BAD_USE = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '2000' }, seed: { type: 'string', default: String(randomInt(2 ** 31)) } },
});
const [subject = 'runtime'] = positionals;
const [seeds, seed] = [Number(values.seeds), Number(values.seed)];
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(seed))
    return badUse('--seeds is a whole number from 1, --seed a whole number.');
  switch (subject) {
    case 'runtime':
      return plantInRuntime();
    case 'events': {
      const { plantInEvents } = await import('./events/planted.mjs');
      return plantInEvents(seed);
    }
    default:
      return badUse('what is planted in is one of: runtime, events.');
  }
}

/** @returns {Promise<Planting>} */
async function planting() {
  return import(new URL('caught.ts', PLANTED).href);
}

/** @returns {Promise<number>} the exit code */
async function plantInRuntime() {
  const { PLANTS, catchPlant } = await planting();
  let missed = 0;
  for (const plant of PLANTS) {
    const caught = await catchPlant(plant, seeds);
    if (caught === undefined) missed += 1;
    const what = caught === undefined ? `NOT CAUGHT in ${seeds} seeds` : `caught by ${caught.invariants.join(', ')} at seed ${caught.seed}`;
    console.log(`${plant.name}: ${what}`);
  }
  console.log(`${PLANTS.length - missed} of ${PLANTS.length} planted mistakes caught`);
  return missed === 0 ? 0 : 1;
}

/**
 * @param {string} message
 * @returns {number} the exit code
 */
function badUse(message) {
  console.error(`npm run planted: ${message}`);
  return BAD_USE;
}
