import { startMillrace } from './contestants.mjs';
import { measure } from './measure.mjs';
import { sayGrowth } from './report.mjs';

/** Sockets, of which every ten take the same; and filters, none of which but the first ten anything fits. */
const SIZES = { sockets: [10, 100, 500, 2_000], filters: [10, 100, 1_000, 10_000] };
const RATE = 200;
const TOGETHER = 10;
/** Subscriptions that one socket may have. */
const A_SOCKET = 50;
const BARS = { sockets: 1.2, filters: 1.5 };

/**
 * The cost of a delivery with more and more sockets while the deliveries stay as many, and that of an event with more and more filters.
 * @param {{ rounds: number, seconds: number, warmUp: number }} options
 */
export async function growth({ rounds, seconds, warmUp }) {
  await using ours = await startMillrace('fast');
  const run = async (/** @type {import('./measure.mjs').Audience} */ audience) => {
    const results = [];
    for (let round = 0; round < rounds; round++) results.push(await measure(ours, { rate: RATE, audience, seconds, warmUp }));
    return results;
  };
  /** @type {[string, import('./measure.mjs').Measured[]][]} */
  const bySockets = [];
  for (const size of SIZES.sockets) bySockets.push([`${size} sockets`, await run(socketsOf(size))]);
  /** @type {[string, import('./measure.mjs').Measured[]][]} */
  const byFilters = [];
  for (const size of SIZES.filters) byFilters.push([`${size} filters`, await run(filtersOf(size))]);
  return [
    sayGrowth('a delivery', bySockets, ({ cpu }) => cpu / 1000, BARS.sockets),
    sayGrowth('an event', byFilters, ({ cpu, deliveries, events }) => (cpu * deliveries) / events / 1000, BARS.filters),
  ];
}

/**
 * @param {number} size
 * @returns {import('./measure.mjs').Audience}
 */
function socketsOf(size) {
  const said = Array.from({ length: size / TOGETHER }, (_, index) => `k${index}`);
  return { said, kinds: Array.from({ length: size }, (_, index) => [said[index % said.length] ?? '']) };
}

/**
 * @param {number} size
 * @returns {import('./measure.mjs').Audience}
 */
function filtersOf(size) {
  const names = Array.from({ length: size }, (_, index) => `f${index}`);
  const kinds = Array.from({ length: Math.ceil(size / A_SOCKET) }, (_, index) => names.slice(index * A_SOCKET, (index + 1) * A_SOCKET));
  return { said: names.slice(0, TOGETHER), kinds };
}
