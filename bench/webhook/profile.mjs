import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharesOf } from '../profile/profile.mjs';
import { startEndpoints } from './endpoints.mjs';

const PARTS = 40;
const FUNCTIONS = 5;
const SAMPLE = 250;

/**
 * Prints what one request costs in a process of its own, in microseconds of the processor, by folder of our sources and by package, with
 * the functions that cost most.
 * @param {'kept' | 'forgotten'} which endpoint
 * @param {(url: string) => Promise<{ count: number }>} measure
 * @param {(url: string) => Promise<unknown>} warmUp
 */
export async function printProfile(which, measure, warmUp) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-profile-'));
  try {
    const args = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE}`];
    const begun = performance.now();
    const ours = await startEndpoints({ env: { MILLRACE_DURABILITY: 'fast' }, args });
    await warmUp(ours[which]);
    const from = performance.now() - begun;
    const { count } = await measure(ours[which]);
    const to = performance.now() - begun;
    await ours.stop();
    const [file = ''] = readdirSync(folder);
    const shares = sharesOf(join(folder, file), { from, to });
    const micros = (/** @type {number} */ milliseconds) => ((milliseconds * 1000) / count).toFixed(1).padStart(8);
    const all = shares.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    console.log(` profile of ${which}, µs of the processor for each of ${count} requests; in all ${micros(all).trim()}`);
    for (const { part, milliseconds, functions } of shares.slice(0, PARTS)) {
      const top = [...functions].toSorted(([, a], [, b]) => b - a).slice(0, FUNCTIONS);
      console.log(`${micros(milliseconds)}  ${part.padEnd(56)} ${top.map(([name, took]) => `${name} ${micros(took).trim()}`).join(' · ')}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
