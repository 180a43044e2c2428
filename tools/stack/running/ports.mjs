import { createServer } from 'node:net';
import { Halt } from '../../launch/halt.mjs';

// Below the ports that the kernel hands out by itself, or a passing connection might sit on the address of a server that is down.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** How many ports one server may have. */
const MOST = 8;

/**
 * Ports of the loopback address for one server: the kept ones as far as they are still free, new ones for the rest.
 * @param {number[]} kept
 * @returns {Promise<{ taken: () => number[], next: () => number }>} next: one port after the other; taken: those that were handed out
 */
export async function portsFor(kept) {
  /** @type {number[]} */
  const ports = [];
  while (ports.length < MOST) {
    const before = kept[ports.length];
    ports.push(before !== undefined && (await isFree(before)) ? before : await freePort([...kept, ...ports]));
  }
  let count = 0;
  const next = () => {
    const port = ports[count++];
    if (port === undefined) throw new Error(`A server asked for more than ${MOST} ports.`);
    return port;
  };
  return { next, taken: () => ports.slice(0, count) };
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
