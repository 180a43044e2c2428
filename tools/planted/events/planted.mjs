import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../../chaos/events/run.mjs';
import { Ledger } from '../../chaos/ledger.mjs';
import { isBroken } from '../../chaos/verdict.mjs';
import { StandaloneVictim } from '../../chaos/victims/standalone.mjs';
import { PLANTS } from './plants.mjs';

const BUILT = 'dist/apps/standalone';
/** As deep as the built one, so that it finds what it needs. */
const PLANTED = 'dist/planted/standalone';
/** What each is put through: without kills nobody would notice most of them. */
const DRILL = { kills: 3, rate: 150, seconds: 10, rest: 10, platform: 'local', harms: ['kill'], pause: 1, sockets: 0 };

/** @typedef {import('./plants.mjs').Plant} Plant */

/**
 * Plants each mistake in a copy of the built standalone, kills it under load, and looks whether the broken promise is noticed.
 * @param {number} seed
 * @returns {Promise<number>} the exit code
 */
export async function plantInEvents(seed) {
  let caught = 0;
  for (const plant of PLANTS) {
    const broken = await brokenBy(plant, seed);
    if (broken.includes(plant.breaks)) caught += 1;
    const told = broken.length === 0 ? 'nothing was noticed' : `noticed: ${broken.join(', ')}`;
    console.log(
      `${plant.name}: ${broken.includes(plant.breaks) ? `caught by "${plant.breaks}"` : `NOT CAUGHT by "${plant.breaks}"`} (${told})`,
    );
  }
  console.log(`${caught} of ${PLANTS.length} planted mistakes caught`);
  return caught === PLANTS.length ? 0 : 1;
}

/**
 * The promises that it breaks.
 * @param {Plant} plant
 * @param {number} seed
 */
async function brokenBy(plant, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-planted-'));
  try {
    const victim = await StandaloneVictim.start(join(folder, 'data'), { main: planted(plant) });
    const { verdicts } = await play({ ...DRILL, seed }, victim, new Ledger(join(folder, 'ledger.ndjson')));
    return verdicts.filter(isBroken).map(({ promise }) => promise);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(PLANTED, { recursive: true, force: true });
  }
}

/**
 * The program with this mistake in it. Throws when the mistake has no place in it any more.
 * @param {Plant} plant
 */
function planted({ name, pattern, instead }) {
  cpSync(BUILT, PLANTED, { recursive: true });
  const main = join(PLANTED, 'main.js');
  const source = readFileSync(main, 'utf8');
  const found = source.match(new RegExp(pattern, 'g'))?.length ?? 0;
  if (found !== 1)
    throw new Error(`"${name}" fits ${found} places of ${BUILT}/main.js, not one: tools/planted/events/plants.mjs is to follow the code.`);
  writeFileSync(main, source.replace(pattern, instead));
  return main;
}
