// `npm run chaos -- runtime [--kills 12] [--rate 300] [--seconds N] [--rest N] [--seed N]`: kills a Millrace under load, again and again, and looks
// whether it kept what it promises. Exit code 1 when it did not; the data folder is kept then.
import '../jest/run-typescript.mjs';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/**
 * What a disaster is told: how many kills, events a second, over how many seconds, within how many more everything must have come to rest,
 * and what its chance comes from.
 * @typedef {{ kills: number, rate: number, seconds: number, rest: number, seed: number }} Plan
 */

/** @type {Record<string, () => Promise<{ readonly run: (plan: Plan) => Promise<number> }>>} */
const SUBJECTS = { runtime: () => import('./runtime/run.mjs') };
const SECONDS_A_KILL = 4;
const BAD_USE = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '12' },
    rate: { type: 'string', default: '300' },
    seconds: { type: 'string' },
    rest: { type: 'string', default: '120' },
    seed: { type: 'string' },
  },
});
const [subject = ''] = positionals;
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  const load = Object.hasOwn(SUBJECTS, subject) ? SUBJECTS[subject] : undefined;
  if (load === undefined) return refuse(`What is killed is one of: ${Object.keys(SUBJECTS).join(', ')}.`);
  const kills = Number(values.kills);
  const rate = Number(values.rate);
  const seconds = Number(values.seconds ?? Math.max(1, kills) * SECONDS_A_KILL);
  const rest = Number(values.rest);
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  if (!Number.isInteger(kills) || kills < 0 || !Number.isInteger(seed)) return refuse('--kills and --seed are whole numbers.');
  if (!(rate > 0 && seconds > 0 && rest > 0)) return refuse('--rate, --seconds and --rest are numbers above 0.');
  const { run } = await load();
  return run({ kills, rate, seconds, rest, seed });
}

/** @param {string} message */
function refuse(message) {
  console.error(message);
  return BAD_USE;
}
