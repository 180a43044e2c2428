// `npm run planted [-- --seeds 2000]`: plants mistakes in the engine, one at a time and in memory only, and looks whether the simulation
// notices. Exit code 1 when it does not notice each of them.
import '../jest/run-typescript.mjs';
import { parseArgs } from 'node:util';

/** @typedef {typeof import('../../apps/runtime/src/simulation/planted/caught')} Planting */

const PLANTED = new URL('../../apps/runtime/src/simulation/planted/', import.meta.url);
const BAD_USE = 2;

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '2000' } } });
const seeds = Number(values.seeds);
process.exitCode = Number.isInteger(seeds) && seeds > 0 ? await main() : badUse();

/** @returns {Promise<Planting>} */
async function planting() {
  return import(new URL('caught.ts', PLANTED).href);
}

/** @returns {Promise<number>} the exit code */
async function main() {
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

/** @returns {number} the exit code */
function badUse() {
  console.error('npm run planted: --seeds is a whole number from 1.');
  return BAD_USE;
}
