// What the stack knows of a real server: `servers/<name>.mjs` says how to get it and how to start it; the rest of this folder does both.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Halt } from '../launch/halt.mjs';

/**
 * A program that must be on the machine: on the path, or as `met` finds it.
 * @typedef {{ program: string, advice: string, met?: () => boolean }} Need
 */

/**
 * Runs a program to its end, in the environment of the stack unless `env` adds to it; a Halt with the end of its output when it fails.
 * @typedef {(command: string, args: string[], options?: { cwd?: string, env?: Record<string, string> }) => Promise<void>} Run
 */

/**
 * How a server is started. `settings` is what a client of it must be told, by the names of the product's own variables.
 * @typedef {object} Launch
 * @property {string} command
 * @property {string[]} args
 * @property {Record<string, string>} [env] on top of PATH, HOME (its data folder) and LANG; nothing else is inherited
 * @property {string} [cwd] its data folder when absent
 * @property {'nobody'} [user] for a server that refuses to run as root: it then sees itself as somebody else
 * @property {Record<string, string>} settings
 * @property {(signal: AbortSignal) => Promise<boolean>} healthy whether it answers as it should; asked again and again, and may throw until it
 *   does. `signal`: when to give up a question
 * @property {number} patience milliseconds from start to healthy, on a busy machine
 */

/**
 * One real server.
 * @typedef {object} Server
 * @property {string} name as people name it to `npm run stack`
 * @property {string} version of the server; another version is another place in the cache
 * @property {Need[]} needs
 * @property {(place: { cache: string, run: Run }) => Promise<void>} install puts its files into `cache`, an empty folder of its own. Called
 *   when there is none complete; throws with a sentence when a download or a build fails
 * @property {(place: { cache: string, folder: string, port: () => number }) => Promise<Launch>} launch `folder`: its own data, kept from
 *   start to start; `port`: a free port of the loopback address, at most eight of them, the same ones in the same order at each start
 */

const SERVERS = join(dirname(fileURLToPath(import.meta.url)), 'servers');

/**
 * The servers of those names, all there are when none is named.
 * @param {string[]} names
 * @returns {Promise<Server[]>}
 */
export async function serversNamed(names) {
  const known = existsSync(SERVERS) ? readdirSync(SERVERS).filter((file) => file.endsWith('.mjs')) : [];
  const all = known.map((file) => file.slice(0, -'.mjs'.length)).sort();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Halt(`There is no server ${unknown.join(', ')}. The servers are: ${all.join(', ')}.`);
  return Promise.all((names.length > 0 ? names : all).map(load));
}

/** @param {string} name */
async function load(name) {
  const module = /** @type {{ server: Server }} */ (await import(pathToFileURL(join(SERVERS, `${name}.mjs`)).href));
  return module.server;
}
