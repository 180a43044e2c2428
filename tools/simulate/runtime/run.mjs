import '../../jest/run-typescript.mjs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** @typedef {typeof import('../../../apps/runtime/src/simulation/simulate')} Simulating */
/** @typedef {import('../../../apps/runtime/src/simulation/simulate').Simulated} Simulated */
/** @typedef {Pick<Simulated, 'seed' | 'violations'>} Bad */

const SHOWN = 5;
const MOST_WORKERS = 4;

/**
 * `seeds`: how many, beside those that are kept; `from`: the first; `seed`: this one alone, shown in full.
 * @param {{ readonly seeds: number | undefined, readonly from: number | undefined, readonly seed: number | undefined }} which
 * @returns {Promise<number>} the exit code
 */
export async function simulateRuns({ seeds = 10_000, from = 0, seed }) {
  /** @type {Simulating} */
  const { Simulation, KEPT_SEEDS } = await import(new URL('../../../apps/runtime/src/simulation/simulate.ts', import.meta.url).href);
  if (seed !== undefined) return tell(await new Simulation().run(seed));
  const begun = performance.now();
  const played = [...KEPT_SEEDS, ...Array.from({ length: seeds }, (_, index) => from + index)];
  const bad = (await Promise.all(shares(played).map(play))).flat();
  const seconds = (performance.now() - begun) / 1_000;
  console.log(
    `${played.length} seeds in ${seconds.toFixed(1)} s (${Math.round(played.length / seconds)}/s), ${bad.length} with violations`,
  );
  for (const [invariant, broken] of Map.groupBy(bad.flatMap(each), ({ invariant: name }) => name)) {
    const such = broken.slice(0, SHOWN).map(({ by }) => by);
    console.log(`  ${invariant}: ${broken.length} seeds, such as ${such.join(', ')}`);
  }
  return bad.length === 0 ? 0 : 1;
}

/**
 * One share of the seeds for each worker: neighbours together, for they play the same scenario.
 * @param {readonly number[]} played
 */
function shares(played) {
  const workers = Math.min(availableParallelism(), MOST_WORKERS);
  const size = Math.ceil(played.length / workers);
  return Array.from({ length: workers }, (_, index) => played.slice(index * size, (index + 1) * size));
}

/**
 * @param {readonly number[]} share
 * @returns {Promise<readonly Bad[]>}
 */
function play(share) {
  /** @type {Bad[]} */
  const bad = [];
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: share });
  worker.on('message', (/** @type {Bad} */ found) => {
    if (bad.push(found) <= SHOWN) tellShortly(found);
  });
  return new Promise((resolve, reject) => worker.on('error', reject).on('exit', () => resolve(bad)));
}

/** @param {Bad} found */
function each({ seed: by, violations }) {
  return [...new Set(violations.map(({ invariant }) => invariant))].map((invariant) => ({ invariant, by }));
}

/** @param {Bad} found */
function tellShortly({ seed: by, violations: [first] }) {
  console.log(`seed ${by}: ${first?.invariant}: ${first?.what.slice(0, 300)}`);
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
