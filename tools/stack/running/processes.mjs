// Processes that outlive the command that started them. One is known by its number and the moment it began, for numbers are given again.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Halt } from '../../launch/halt.mjs';

const POLL_MS = 50;
/** How long a server may take to put its data in order before it is killed. */
const GRACE_MS = 20_000;

/** @typedef {{ pid: number, startedAt: string }} Started startedAt: clock ticks since the machine began, as the kernel counts them */

/**
 * Starts a server on its own, with its output in a file.
 * @param {import('../server.mjs').Launch} launch
 * @param {{ folder: string, log: string }} place
 * @returns {Started}
 */
export function startDetached({ command, args, env, cwd, user }, { folder, log }) {
  const [program, ...words] = [...(user === undefined ? [] : asNobody()), command, ...args];
  const output = openSync(log, 'a');
  const child = spawn(program ?? command, words, {
    cwd: cwd ?? folder,
    env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', ...env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.on('error', () => undefined); // Told by the pid that is missing.
  child.unref();
  const startedAt = child.pid === undefined ? undefined : startOf(child.pid);
  if (child.pid === undefined || startedAt === undefined) throw new Halt(`\`${command}\` could not be started.`);
  return { pid: child.pid, startedAt };
}

/**
 * Whether the very process still runs.
 * @param {Started} process
 */
export function runs({ pid, startedAt }) {
  return startOf(pid) === startedAt;
}

/**
 * Ends a process and what it started, if it is still the one that was started; when this comes back it is gone.
 * @param {Started} started
 * @param {number} [grace] milliseconds from asking to killing
 */
export async function stop(started, grace = GRACE_MS) {
  if (!runs(started)) return;
  process.kill(started.pid, 'SIGTERM');
  const killAt = Date.now() + grace;
  while (runs(started) && Date.now() < killAt) await pause(POLL_MS);
  killGroup(started.pid);
  while (runs(started)) await pause(POLL_MS);
}

/**
 * Each server leads a group of its own: killing that takes along what it started.
 * @param {number} leader
 */
function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/**
 * When a process began; undefined when there is none, or only what its parent has yet to take note of.
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may hold anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process whose first thread has ended still has its ports and files until the last of its threads has.
    const gone = state === 'Z' && Number(fields[16]) <= 1;
    return gone ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

/**
 * How root starts a server that refuses root: in a user namespace, where it sees itself as somebody else and its files as its own. No owner
 * on the disk changes, and a home that only root may enter is no obstacle.
 */
function asNobody() {
  if (process.getuid?.() !== 0) return [];
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  if (spawnSync('unshare', [...namespace.slice(1), 'true']).status === 0) return namespace;
  throw new Halt(
    'It refuses to run as root, and this machine lets nobody have a user namespace. Start the stack as another user than root.',
  );
}
