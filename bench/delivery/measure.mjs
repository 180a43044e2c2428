import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pinned } from '../load/run-load.mjs';
import { BURST, WEIGHT } from './profiles.mjs';

const DRIVER = fileURLToPath(new URL('driver.mjs', import.meta.url));
const MOST_OUTPUT = 1024 * 1024;

/**
 * One measurement. `cpu`: milliseconds of the processor for a thousand deliveries. `isVoid`: something was lost, doubled or refused.
 * @typedef {import('./driver.mjs').Found & { cpu: number, perProcessorSecond: number, rss: number, isVoid: boolean }} Measured
 */

/**
 * Who takes what: `kinds` that are said in turns, and the kinds that each consumer takes.
 * @typedef {{ said: readonly string[], kinds: readonly (readonly string[])[] }} Audience
 */

/**
 * Consumers that all take everything, or each one in `share`.
 * @param {number} consumers
 * @param {number} share
 * @returns {Audience}
 */
export function audience(consumers, share) {
  const said = share === 1 ? ['all'] : Array.from({ length: share }, (_, index) => `k${index}`);
  return { said, kinds: Array.from({ length: consumers }, (_, index) => [said[index % said.length] ?? '']) };
}

/**
 * Has a contestant carry events for a while.
 * @param {import('./contestants.mjs').Contestant} contestant
 * @param {{ rate: number, audience: Audience, seconds: number, warmUp: number, take?: 'socket' | 'poll', emit?: 'events' | 'automation' }} wish
 * @returns {Promise<Measured>}
 */
export async function measure(contestant, { rate, audience: { said, kinds }, seconds, warmUp, take = 'socket', emit = 'events' }) {
  const bursts = emit === 'automation' && contestant.form === 'batch';
  const place = take === 'poll' && contestant.place.kind === 'millrace' ? { ...contestant.place, kind: 'poll' } : contestant.place;
  const how = bursts
    ? { say: contestant.burstAt, form: 'bare', status: 200, burst: BURST }
    : { say: contestant.say, form: contestant.form, status: contestant.status, burst: 1 };
  const order = { place, ...how, rate, kinds, said, weight: WEIGHT, warmUp, seconds };
  const before = contestant.processorTime();
  const [command, args] = pinned(1, process.execPath, [DRIVER, JSON.stringify(order)]);
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: MOST_OUTPUT });
  const spent = contestant.processorTime() - before;
  const found = /** @type {import('./driver.mjs').Found} */ (JSON.parse(stdout));
  const isVoid = found.lost + found.doubled + found.refused > 0;
  const cpu = (1000 * spent) / Math.max(1, found.deliveries);
  return { ...found, cpu, perProcessorSecond: (1000 * found.deliveries) / Math.max(1, spent), rss: contestant.rss(), isVoid };
}
