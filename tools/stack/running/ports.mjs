import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Halt } from '../../launch/halt.mjs';

// Below the ports that the kernel hands out by itself, or a passing connection might sit on the address of a server that is down.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** How many ports one server may have. */
const MOST = 8;

/** Milliseconds that a kept port is waited for: whoever had it may have a while to go when the disk is busy. */
const PATIENCE = 20_000;
const POLL_MS = 50;

/**
 * Ports of the loopback address for one server: the kept ones, for clients look for it there and nowhere else, and new ones behind them.
 * Throws a Halt that names the port when a kept one is taken and stays so.
 * @param {number[]} kept
 * @param {number} [patience] milliseconds to wait for a kept port
 * @returns {Promise<{ taken: () => number[], next: () => number }>} next: one port after the other; taken: those that were handed out
 */
export async function portsFor(kept, patience = PATIENCE) {
  await Promise.all(kept.map((port) => untilFree(port, patience)));
  const ports = [...kept];
  while (ports.length < MOST) ports.push(await freePort(ports));
  let count = 0;
  const next = () => {
    const port = ports[count++];
    if (port === undefined) throw new Error(`A server asked for more than ${MOST} ports.`);
    return port;
  };
  return { next, taken: () => ports.slice(0, count) };
}

/**
 * @param {number} port
 * @param {number} patience
 */
async function untilFree(port, patience) {
  const deadline = Date.now() + patience;
  while (!(await isFree(port))) {
    if (Date.now() >= deadline) {
      throw new Halt(
        `Its port ${port} is taken. \`ss -ltnp 'sport = :${port}'\` shows by whom: end that, or remove ports.json from the folder of the stack, and every server there gets new addresses.`,
      );
    }
    await pause(POLL_MS);
  }
}

/** @param {number[]} others */
async function freePort(others) {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!others.includes(port) && (await isFree(port))) return port;
  }
  throw new Halt(`No free port was found between ${LOWEST} and ${HIGHEST}. \`ss -ltn\` shows who has them.`);
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
