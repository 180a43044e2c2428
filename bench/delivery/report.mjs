import { median, ratiosOf, spread, verdict } from '../rounds/figures.mjs';

/** @typedef {import('./measure.mjs').Measured} Measured */

/** Times the p99 of the relay that ours may be; deliveries for a second of the processor beside those of a room. */
const BARS = { relay: 2, room: 0.85 };

/**
 * @param {number} rounds
 * @param {number} seconds
 */
export function heading(rounds, seconds) {
  return `bench delivery   node ${process.versions.node}   ${rounds} rounds of ${seconds} s, medians [min–max]; events of 1 KiB, latency from when each was due`;
}

/**
 * Prints a profile; answers whether its bars are met. Rounds that lost, doubled or refused something are void, and so is the profile.
 * @param {import('./profiles.mjs').Profile} profile
 * @param {readonly Measured[]} ours
 * @param {readonly Measured[]} relay
 */
export function sayProfile({ id, title, must, aim }, ours, relay) {
  const p99 = ours.map((each) => each.p99);
  const isVoid = ours.some((each) => each.isVoid);
  const isMet = !isVoid && median(p99) <= must;
  console.log(
    ` ${id} ${title.padEnd(30)} p50 ${median(ours.map((each) => each.p50)).toFixed(1)}   p99 ${spread(p99, 1)} ms   bar ${must} ms (aim ${aim})   ${costs(ours)}   ${isVoid ? `void: ${flaws(ours)}` : verdictOf(isMet)}`,
  );
  if (relay.length === 0) return isMet;
  const ratios = ratiosOf(
    p99,
    relay.map((each) => each.p99),
  );
  const isNear = median(ratios) <= BARS.relay;
  console.log(
    `    beside a bare relay               p99 ${spread(
      relay.map((each) => each.p99),
      1,
    )} ms   ratio ${spread(ratios)}   bar ${BARS.relay}   ${verdict(ratios, isNear)}`,
  );
  return isMet && isNear;
}

/**
 * @param {{ consumers: number, rate: number }} load
 * @param {readonly Measured[]} ours
 * @param {readonly Measured[]} room
 */
export function sayRoom({ consumers, rate }, ours, room) {
  const speeds = (/** @type {readonly Measured[]} */ all) => all.map((each) => each.perProcessorSecond);
  const ratios = ratiosOf(speeds(ours), speeds(room));
  const isVoid = ours.some((each) => each.isVoid);
  const isMet = !isVoid && median(ratios) >= BARS.room;
  console.log(
    ` B7 ${consumers} sockets, ${rate}/s   deliveries for a second of the processor: ours ${spread(speeds(ours), 0)}   a room ${spread(speeds(room), 0)}   ratio ${spread(ratios)}   bar ${BARS.room}   ${isVoid ? `void: ${flaws(ours)}` : verdict(ratios, isMet)}`,
  );
  return isMet;
}

/**
 * Prints how a cost grows; the bar is how many times the first it may be.
 * @param {string} title
 * @param {readonly (readonly [string, readonly Measured[]])[]} sizes
 * @param {(measured: Measured) => number} costOf
 * @param {number} bar
 */
export function sayGrowth(title, sizes, costOf, bar) {
  const costs = sizes.map(([, all]) => median(all.map(costOf)));
  const [first = Number.NaN] = costs;
  const ratio = (costs.at(-1) ?? Number.NaN) / first;
  const isVoid = sizes.some(([, all]) => all.some((each) => each.isVoid));
  const isMet = !isVoid && ratio <= bar;
  const figures = sizes.map(([size], index) => `${size}: ${costs[index]?.toFixed(3) ?? ''}`).join('   ');
  console.log(
    ` ${title}   ms of the processor   ${figures}   ratio ${ratio.toFixed(2)}   bar ${bar}   ${isVoid ? 'void' : verdictOf(isMet)}`,
  );
  return isMet;
}

/**
 * Prints the memory of a socket; the bar is how many KiB it may take.
 * @param {number} sockets
 * @param {readonly number[]} kilobytes
 * @param {number} bar
 */
export function sayMemory(sockets, kilobytes, bar) {
  const isMet = median(kilobytes) <= bar;
  console.log(` a socket of ${sockets}   ${spread(kilobytes, 1)} KiB resident   bar ${bar}   ${verdictOf(isMet)}`);
  return isMet;
}

/** @param {readonly Measured[]} all */
function costs(all) {
  return `${median(all.map((each) => each.cpu)).toFixed(0)} ms of the processor for 1,000, ${median(all.map((each) => each.rss))} MB`;
}

/** @param {readonly Measured[]} all */
function flaws(all) {
  const sum = (/** @type {'lost' | 'doubled' | 'refused'} */ what) => all.reduce((total, each) => total + each[what], 0);
  return `${sum('lost')} lost, ${sum('doubled')} doubled, ${sum('refused')} refused`;
}

/** @param {boolean} isMet */
function verdictOf(isMet) {
  return isMet ? 'met' : 'missed';
}
