import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CLOSED_LOOP = fileURLToPath(new URL('closed-loop.mjs', import.meta.url));
const OPEN_LOOP = fileURLToPath(new URL('open-loop.mjs', import.meta.url));

/**
 * What is sent, for how long, and what must come back: with `inFlight` as many at a time, with `rate` as many in a second.
 * @typedef {{ url: string, method: string, headers: Record<string, string>, body: string, seconds: number, status: number, includes: string, inFlight?: number, rate?: number }} Wish
 * @typedef {{ count: number, perSecond: number, p50: number, p99: number, wrong: number }} Load
 */

/**
 * Command that pins a program to one core, so that generator and system under test do not take each other's time; none where it cannot.
 * @param {number} core
 * @param {string} command
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function pinned(core, command, args) {
  const possible = availableParallelism() > 1 && existsSync('/usr/bin/taskset');
  return possible ? ['/usr/bin/taskset', ['-c', String(core), command, ...args]] : [command, args];
}

/**
 * Runs the generator once, on the second core. A wrong answer voids the round.
 * @param {Wish} wish
 * @returns {Promise<Load>}
 */
export async function load(wish) {
  const generator = wish.rate === undefined ? CLOSED_LOOP : OPEN_LOOP;
  const [command, args] = pinned(1, process.execPath, [generator, JSON.stringify(wish)]);
  const { stdout } = await promisify(execFile)(command, args);
  /** @type {Load} */
  const result = JSON.parse(stdout);
  if (result.wrong > 0) throw new Error(`${result.wrong} answers of ${wish.url} were not as expected: the round is void.`);
  return result;
}
