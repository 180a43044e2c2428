import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pinned } from '../load/run-load.mjs';

/** A free loopback port. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  server.close();
  return port;
}

/**
 * Starts a program on a core, the first one if not said otherwise, and resolves when `url` answers 200. Its output is kept for errors.
 * @param {string[]} args of node
 * @param {{ env?: Record<string, string>, url: string, core?: number }} options
 */
export async function startChild(args, { env = {}, url, core = 0 }) {
  const begun = performance.now();
  const [command, words] = pinned(core, process.execPath, args);
  const child = spawn(command, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}:\n${output}`);
    if (performance.now() - begun > 60_000) throw new Error(`${url} did not answer within a minute:\n${output}`);
    await sleep(5);
  }
  const milliseconds = Math.round(performance.now() - begun);
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  const pid = child.pid ?? 0;
  return { pid, milliseconds, stop, processorTime: () => processorTime(pid) };
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Milliseconds in a tick of the kernel's accounts. */
const TICK = 10;

/**
 * Milliseconds that a process has had a core for.
 * @param {number} pid
 */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return TICK * (Number(fields[11]) + Number(fields[12]));
}
