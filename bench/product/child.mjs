import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pinned } from '../load/run-load.mjs';

/** A free loopback port. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Starts a program on the first core and resolves when `url` answers 200: {process, milliseconds, stop}. Its output is kept for errors. */
export async function startChild(args, { env, url, cwd }) {
  const begun = performance.now();
  const [command, words] = pinned(0, process.execPath, args);
  const child = spawn(command, words, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
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
  return { process: child, milliseconds, stop, output: () => output };
}

async function answers(url) {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
