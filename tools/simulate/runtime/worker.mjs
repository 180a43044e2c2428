// Plays the seeds it is given, and tells of those that break a promise.
import '../../jest/run-typescript.mjs';
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {typeof import('../../../apps/runtime/src/simulation/simulate')} Simulating */

/** @type {Simulating} */
const { Simulation } = await import(new URL('../../../apps/runtime/src/simulation/simulate.ts', import.meta.url).href);
const simulation = new Simulation();

/** @type {readonly number[]} */
const seeds = workerData;
for (const seed of seeds) {
  const { violations } = await simulation.run(seed);
  if (violations.length > 0) parentPort?.postMessage({ seed, violations });
}
