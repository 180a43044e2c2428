import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';

const ORPHAN_POLL_MS = 200;

/**
 * Runs a program on the given Node in our place: same terminal, same signals, and its exit code is ours.
 * @param {string} node
 * @param {string[]} args
 * @param {Record<string, string>} [settings] on top of our own environment
 * @returns {Promise<number>}
 */
export function run(node, args, settings = {}) {
  const env = { ...process.env, ...settings, PATH: [dirname(node), process.env['PATH']].join(delimiter) };
  const child = spawn(node, args, { stdio: 'inherit', env });
  const release = [
    passSignals((signal) => child.kill(signal), process.stdin.isTTY),
    process.env['npm_lifecycle_event'] === undefined ? () => undefined : whenOrphaned(() => child.kill('SIGTERM')),
  ];
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const free of release) free();
      resolve(exitCode(code, signal));
    });
  });
}

/**
 * What a shell would report: the code, or 128 and the number of the signal that ended the process.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCode(code, signal) {
  return code ?? 128 + (signal ? constants.signals[signal] : 1);
}

/**
 * Passes on what is sent to us. A terminal sends Ctrl-C to everyone in the foreground, the child included, and npm sends it once more:
 * passing it on too would look like somebody insisting.
 * @param {(signal: NodeJS.Signals) => void} pass
 * @param {boolean} onTerminal
 */
function passSignals(pass, onTerminal) {
  /** @type {Array<[NodeJS.Signals, () => void]>} */
  const handlers = [
    ['SIGINT', () => (onTerminal ? undefined : pass('SIGINT'))],
    ['SIGTERM', () => pass('SIGTERM')],
    ['SIGHUP', () => pass('SIGHUP')],
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/**
 * npm sends a signal to the shell that it started us in, and a shell ends without passing it on: what we see of it is another parent.
 * @param {() => void} act
 */
function whenOrphaned(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, ORPHAN_POLL_MS);
  return () => clearInterval(timer);
}
