/**
 * Something that is measured: does its work once and answers how many units that was.
 * @typedef {{ name: string, work: () => number | Promise<number> }} Contestant
 */

/** Turns that each contestant has in a round. */
const SLICES = 10;

/**
 * How fast each contestant is, in units per second of the processor, round by round. They take turns within a round, so that what slows
 * the machine slows them all.
 * @param {readonly Contestant[]} contestants
 * @param {{ rounds: number, milliseconds: number }} options how long each has in a round; a first round is thrown away
 * @returns {Promise<Map<string, number[]>>}
 */
export async function race(contestants, { rounds, milliseconds }) {
  /** @type {Map<string, number[]>} */
  const speeds = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    const tallies = contestants.map(({ name, work }) => ({ name, work, units: 0, took: 0 }));
    for (let slice = 0; slice < SLICES; slice++) for (const tally of tallies) await run(tally, milliseconds / SLICES);
    if (round >= 0) for (const { name, units, took } of tallies) speeds.get(name)?.push((1000 * units) / took);
  }
  return speeds;
}

/**
 * @param {Contestant & { units: number, took: number }} tally
 * @param {number} milliseconds
 */
async function run(tally, milliseconds) {
  const begun = processorTime();
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const done = tally.work();
    tally.units += typeof done === 'number' ? done : await done;
  }
  tally.took += processorTime() - begun;
}

/** Milliseconds that this process had a core for: what others do on the machine does not count. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
