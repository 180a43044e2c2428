import { join, resolve } from 'node:path';
import { alone } from './lock.mjs';
import { runs, stop } from './running/processes.mjs';
import { State } from './running/state.mjs';

/** @typedef {import('./running/state.mjs').Running & { up: boolean }} Status */

/**
 * What was started in a folder and not stopped since; `up`: whether it still runs.
 * @param {string} folder
 * @returns {Record<string, Status>} by name
 */
export function status(folder) {
  const entries = Object.entries(new State(resolve(folder)).running());
  return Object.fromEntries(entries.map(([name, running]) => [name, { ...running, up: runs(running) }]));
}

/**
 * Stops servers, all that run in the folder when none is named. Their data and addresses are kept.
 * @param {string[]} names
 * @param {{ folder: string, grace?: number }} place grace: milliseconds from asking to killing
 * @returns {Promise<string[]>} the names of those that ran
 */
export async function down(names, { folder, grace }) {
  const absolute = resolve(folder);
  const state = new State(absolute);
  const chosen = Object.keys(state.running()).filter((name) => names.length === 0 || names.includes(name));
  const stopped = chosen.map((name) => alone(join(absolute, `${name}.lock`), () => stopIn(state, name, grace)));
  await Promise.all(stopped);
  return chosen;
}

/**
 * @param {State} state
 * @param {string} name
 * @param {number | undefined} grace
 */
async function stopIn(state, name, grace) {
  const running = state.running()[name];
  if (running) await stop(running, grace);
  await state.note(name, undefined);
}
