import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Halt } from '../launch/halt.mjs';
import { cacheFolder, installed } from './installing/cache.mjs';
import { missing, tailOf } from './installing/programs.mjs';
import { alone } from './lock.mjs';
import { portsFor } from './running/ports.mjs';
import { runs, startDetached, stop } from './running/processes.mjs';
import { State } from './running/state.mjs';

const POLL_MS = 200;
/** So many questions at least fit into a server's patience: a client that hangs must not keep it from being asked again. */
const QUESTIONS = 6;

/** @typedef {import('./server.mjs').Server} Server */
/** @typedef {import('./running/state.mjs').Running} Running */
/** @typedef {{ name: string, reason: string }} Failure */

/**
 * Where a stack stands, and how it is made. `fresh`: without the data of earlier times; `tell`: what happens, as it happens;
 * `patience`: milliseconds to wait for a server's port that somebody else has.
 * @typedef {{ folder: string, cache?: string, fresh?: boolean, tell?: (text: string) => void, patience?: number }} Place
 */

/**
 * Makes servers run: those that do are left alone, unless `fresh`. One that fails does not keep the others from starting.
 * @param {Server[]} servers
 * @param {Place} place
 * @returns {Promise<{ running: Record<string, Running>, failures: Failure[] }>} `running`: of the servers asked for, those that are healthy
 */
export async function up(servers, place) {
  const folder = resolve(place.folder);
  const state = new State(folder);
  const outcomes = await Promise.all(
    servers.map((server) => alone(join(folder, `${server.name}.lock`), () => started(server, { ...place, folder, state }))),
  );
  const now = state.running();
  const running = servers.flatMap(({ name }, index) => (outcomes[index] === undefined ? [[name, now[name]]] : []));
  return { running: Object.fromEntries(running), failures: outcomes.filter((failure) => failure !== undefined) };
}

/**
 * @param {Server} server
 * @param {Place & { state: State }} place
 * @returns {Promise<Failure | undefined>}
 */
async function started(server, { state, fresh = false, tell = () => undefined, ...place }) {
  const { name, version } = server;
  const before = state.running()[name];
  if (!fresh && before?.ready && before.version === version && runs(before)) return undefined;
  try {
    if (before) await stop(before);
    await state.note(name, undefined);
    if (fresh) rmSync(join(place.folder, name), { recursive: true, force: true });
    await start(server, { ...place, state, tell: (text) => tell(`${name}: ${text}`) });
    return undefined;
  } catch (error) {
    return { name, reason: reasonOf(error) };
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  if (error instanceof Halt) return error.message;
  return error instanceof Error ? String(error.stack) : String(error);
}

/**
 * @param {Server} server
 * @param {{ folder: string, cache?: string, state: State, tell: (text: string) => void, patience?: number }} place
 */
async function start(server, { folder, cache = cacheFolder(), state, tell, patience }) {
  const { name, version } = server;
  const lacks = missing(server);
  if (lacks.length > 0) throw new Halt(lacks.join('\n'));
  const files = await installed(server, cache, tell);
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const ports = await portsFor(state.portsOf(name), patience);
  const launch = await server.launch({ cache: files, folder: own, port: ports.next });
  await state.keepPorts(name, ports.taken());
  const log = join(folder, `${name}.log`);
  rmSync(log, { force: true });
  const running = { ...startDetached(launch, { folder: own, log }), version, ready: false, settings: launch.settings, log };
  await state.note(name, running);
  await healthy(launch, running);
  await state.note(name, { ...running, ready: true });
  tell(`ready, ${version}`);
}

/**
 * Comes back when the server answers; throws with the end of its log when it ends before, or takes longer than it may (it is stopped then).
 * @param {import('./server.mjs').Launch} launch
 * @param {Running} running
 */
async function healthy({ healthy: asked, patience }, running) {
  const deadline = Date.now() + patience;
  while (!(await soon(asked, patience / QUESTIONS))) {
    const failed = !runs(running)
      ? 'It ended before it was ready'
      : Date.now() > deadline
        ? `It was not ready within ${patience / 1000} s`
        : undefined;
    if (failed === undefined) {
      await pause(POLL_MS);
      continue;
    }
    await stop(running);
    throw new Halt([`${failed}. The end of ${running.log}:`, ...tailOf(readFileSync(running.log, 'utf8'))].join('\n'));
  }
}

/**
 * Whether it answers well, in time.
 * @param {import('./server.mjs').Launch['healthy']} asked
 * @param {number} patience milliseconds
 */
async function soon(asked, patience) {
  const { promise: late, resolve } = Promise.withResolvers();
  const giveUp = new AbortController();
  const timer = setTimeout(() => {
    resolve(false);
    giveUp.abort();
  }, patience);
  try {
    return (await Promise.race([asked(giveUp.signal), late])) === true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
