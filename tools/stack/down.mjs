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
  return alone(join(absolute, 'stack.lock'), async () => {
    const state = new State(absolute);
    const chosen = Object.entries(state.running()).filter(([name]) => names.length === 0 || names.includes(name));
    await Promise.all(chosen.map(([, running]) => stop(running, grace)));
    for (const [name] of chosen) state.note(name, undefined);
    return chosen.map(([name]) => name);
  });
}
