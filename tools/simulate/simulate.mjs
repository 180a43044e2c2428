// `npm run simulate -- [--seeds 10000] [--from 0] [--seed N]`: plays runs under crashes, pauses, repeated deliveries and reordered
// acknowledgements, and compares with what they are without. Exit code 1 when a promise was not kept; one seed alone is shown in full.
import '../jest/run-typescript.mjs';
import { parseArgs } from 'node:util';

/** @typedef {typeof import('../../apps/runtime/src/simulation/simulate')} Simulating */
/** @typedef {import('../../apps/runtime/src/simulation/simulate').Simulated} Simulated */

const SIMULATION = new URL('../../apps/runtime/src/simulation/', import.meta.url);
const SHOWN = 5;
const BAD_USE = 2;

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10000' }, from: { type: 'string', default: '0' }, seed: { type: 'string' } },
});
const [seeds, from, seed] = [Number(values.seeds), Number(values.from), values.seed === undefined ? undefined : Number(values.seed)];
process.exitCode = [seeds, from, seed ?? 0].every((number) => Number.isInteger(number) && number >= 0) ? await main() : badUse();

/** @returns {Promise<Simulating>} */
async function simulating() {
  return import(new URL('simulate.ts', SIMULATION).href);
}

/** @returns {Promise<number>} the exit code */
async function main() {
  const { Simulation, KEPT_SEEDS } = await simulating();
  const simulation = new Simulation();
  if (seed !== undefined) return tell(await simulation.run(seed));
  const begun = performance.now();
  const played = [...KEPT_SEEDS, ...Array.from({ length: seeds }, (_, index) => from + index)];
  /** @type {Simulated[]} */
  const bad = [];
  for (const one of played) {
    const simulated = await simulation.run(one);
    if (simulated.violations.length === 0) continue;
    if (bad.length < SHOWN) tellShortly(simulated);
    bad.push({ ...simulated, evidence: { ...simulated.evidence, history: [] } });
  }
  const seconds = (performance.now() - begun) / 1_000;
  console.log(
    `${played.length} seeds in ${seconds.toFixed(1)} s (${Math.round(played.length / seconds)}/s), ${bad.length} with violations`,
  );
  for (const [invariant, shown] of Map.groupBy(bad.flatMap(broken), ({ invariant: name }) => name)) {
    console.log(
      `  ${invariant}: ${shown.length} seeds, such as ${shown
        .slice(0, SHOWN)
        .map(({ by }) => by)
        .join(', ')}`,
    );
  }
  return bad.length === 0 ? 0 : 1;
}

/** @param {Simulated} simulated */
function broken({ seed: by, violations }) {
  return [...new Set(violations.map(({ invariant }) => invariant))].map((invariant) => ({ invariant, by }));
}

/** @param {Simulated} simulated */
function tellShortly({ seed: by, violations }) {
  console.log(`seed ${by}: ${violations[0]?.invariant}: ${violations[0]?.what.slice(0, 300)}`);
  console.log(`  Again, with all that happened: npm run simulate -- --seed ${by}`);
}

/**
 * @param {Simulated} simulated
 * @returns {number} the exit code
 */
function tell({ seed: by, violations, evidence: { playing, events, history } }) {
  for (const { slug, document } of playing.scenario.automations) console.log(`${slug}: ${JSON.stringify(document, null, 1)}`);
  console.log('\nFrom outside:', ...playing.scenario.deeds.map((deed) => `\n  ${JSON.stringify(deed)}`));
  console.log('\nMishaps:', ...playing.mishaps.map((mishap) => `\n  ${JSON.stringify(mishap)}`));
  console.log(`\nWhat happened:\n${history.join('\n')}`);
  const decoder = new TextDecoder();
  console.log(
    '\nThe log:',
    ...events.map(({ position, type, id, payload }) => `\n  ${position.offset} ${type} ${id} ${decoder.decode(payload)}`),
  );
  console.log(`\nSeed ${by}: ${violations.length === 0 ? 'every promise was kept' : 'not kept:'}`);
  for (const { invariant, what } of violations) console.log(`  ${invariant}: ${what}`);
  return violations.length === 0 ? 0 : 1;
}

/** @returns {number} the exit code */
function badUse() {
  console.error('npm run simulate: --seeds, --from and --seed are whole numbers, from 0.');
  return BAD_USE;
}
