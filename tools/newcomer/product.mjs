import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Long enough for packages over a slow line and a build; a product that is up is seen at once. */
const READY_WITHIN_MS = 5 * 60_000;
const STOPPED_WITHIN_MS = 20_000;
const POLL_MS = 100;

/**
 * `npm start`, as a newcomer types it, on free ports and an empty data folder.
 * @typedef {{ port: number, data: string, said: () => string, stop: () => Promise<string | undefined> }} Product stop answers what was wrong with the end
 */

/**
 * Starts the product and waits until it answers; fails with what it said when it does not.
 * @returns {Promise<Product>}
 */
export async function startProduct() {
  const [port, adminPort] = await freePorts();
  const data = mkdtempSync(join(tmpdir(), 'millrace-newcomer-data-'));
  const env = { ...process.env, MILLRACE_PORT: String(port), MILLRACE_ADMIN_PORT: String(adminPort), MILLRACE_DATA: data };
  const npm = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += String(text)));
  const ended = once(npm, 'close').then(() => /** @type {const} */ ('ended'));

  const end = await Promise.race([ended, answers(`http://127.0.0.1:${port}/healthz`)]);
  const stop = async () => {
    const problem = await stopNpm(npm, ended);
    rmSync(data, { recursive: true, force: true });
    return problem;
  };
  if (end === 'ready') return { port, data, said: () => said, stop };
  await stop();
  throw new Error(
    `\`npm start\` ${end === 'ended' ? 'ended before it was ready' : `was not ready within ${READY_WITHIN_MS / 1000} s`}. It said:\n${said}`,
  );
}

/** @returns {Promise<[number, number]>} */
async function freePorts() {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const address = server.address();
      return typeof address === 'object' && address ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  const [port = 0, adminPort = 0] = ports;
  return [port, adminPort];
}

/**
 * @param {string} url
 * @returns {Promise<'ready' | 'silent'>}
 */
async function answers(url) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return 'ready';
    await pause(POLL_MS, undefined, { ref: false });
  }
  return 'silent';
}

/**
 * Asks npm to end, as `kill` does, and waits until everyone it started has ended too: only then are its pipes closed.
 * @param {import('node:child_process').ChildProcess} npm
 * @param {Promise<unknown>} ended
 */
async function stopNpm(npm, ended) {
  npm.kill('SIGTERM');
  const late = await Promise.race([ended.then(() => false), pause(STOPPED_WITHIN_MS, true, { ref: false })]);
  if (!late) return undefined;
  if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
  return `Something that \`npm start\` started was still there ${STOPPED_WITHIN_MS / 1000} s after SIGTERM.`;
}
