// `npm run chaos -- runtime|events [--kills 12] [--rate 300] [--seconds N] [--rest N] [--seed N] [--platform local|cluster] [--harms runtime,nats] [--pause N]`:
// kills a Millrace, or parts of one, under load, again and again, and looks whether it kept what it promises. Exit code 1 when it did not; what
// it left is kept then.
import '../jest/run-typescript.mjs';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Halt } from '../launch/halt.mjs';
import { HARMS } from './harms.mjs';

/**
 * What a disaster is told: how many kills, events a second, over how many seconds, within how many more everything must have come to rest,
 * and what its chance comes from. What is done to it: one of `harms` at a time, and for how many seconds a process is paused, the disk is full.
 * `sockets`: how many follow.
 * @typedef {{ kills: number, rate: number, seconds: number, rest: number, seed: number, platform: string, harms: readonly string[], pause: number, sockets: number }} Plan
 */

/** @type {Record<string, () => Promise<{ readonly run: (plan: Plan) => Promise<number> }>>} */
const SUBJECTS = {
  runtime: () => import('./runtime/run.mjs'),
  events: () => import('./events/run.mjs'),
  sockets: () => import('./sockets/run.mjs'),
  safe: () => import('./safe/run.mjs'),
  slow: () => import('./slow/run.mjs'),
};
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
    platform: { type: 'string', default: 'local' },
    harms: { type: 'string' },
    pause: { type: 'string', default: '60' },
    sockets: { type: 'string', default: '2000' },
  },
});
const [subject = ''] = positionals;
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  const load = Object.hasOwn(SUBJECTS, subject) ? SUBJECTS[subject] : undefined;
  if (load === undefined) return refuse(`What is hurt is one of: ${Object.keys(SUBJECTS).join(', ')}.`);
  const plan = planned();
  const problem = problemOf(plan);
  if (problem !== undefined) return refuse(problem);
  const { run } = await load();
  try {
    return await run(plan);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    return refuse(error.message);
  }
}

/** @returns {Plan} */
function planned() {
  const kills = Number(values.kills);
  return {
    kills,
    rate: Number(values.rate),
    seconds: Number(values.seconds ?? Math.max(1, kills) * SECONDS_A_KILL),
    rest: Number(values.rest),
    seed: Number(values.seed ?? randomInt(2 ** 31)),
    platform: values.platform,
    harms: (values.harms ?? (values.platform === 'cluster' ? 'runtime' : 'kill')).split(','),
    pause: Number(values.pause),
    sockets: Number(values.sockets),
  };
}

/** @param {Plan} plan */
function problemOf({ kills, rate, seconds, rest, seed, platform, harms, pause, sockets }) {
  if (!Number.isInteger(kills) || kills < 0 || !Number.isInteger(seed)) return '--kills and --seed are whole numbers.';
  if (![rate, seconds, rest, pause].every((number) => number > 0)) return '--rate, --seconds, --rest and --pause are numbers above 0.';
  if (!Number.isInteger(sockets) || sockets < 1) return '--sockets is a whole number from 1.';
  const possible = Object.entries(HARMS).find(([name]) => name === platform)?.[1];
  if (possible === undefined) return `--platform is one of: ${Object.keys(HARMS).join(', ')}.`;
  return harms.every((harm) => possible.includes(harm)) ? undefined : `--harms of ${platform} are some of: ${possible.join(', ')}.`;
}

/** @param {string} message */
function refuse(message) {
  console.error(message);
  return BAD_USE;
}
