import { spawn } from 'node:child_process';
import { run } from '../launch/run.mjs';

/**
 * A check that is a program: what it wrote is what is wrong, unless it ends with 0.
 * @param {string} program
 * @param {string[]} args
 * @returns {() => Promise<string | undefined>}
 */
export function command(program, ...args) {
  return async () => {
    const { code, output } = await outputOf(program, args);
    return code === 0 ? undefined : output.trimEnd() || `${program} ended with ${code} and said nothing.`;
  };
}

/**
 * A check that is a program of ours whose words are worth reading when all is well, too: they go to the terminal as they come.
 * @param {string[]} args of Node
 * @returns {() => Promise<string | undefined>}
 */
export function shown(...args) {
  return async () => {
    const code = await run(process.execPath, args);
    return code === 0 ? undefined : `It ended with ${code}; the reasons stand above.`;
  };
}

/**
 * What is wrong according to the first check that finds something.
 * @param {Array<() => Promise<string | undefined> | string | undefined>} checks
 */
export async function first(...checks) {
  for (const check of checks) {
    const problem = await check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Runs a program to its end; what it writes to either stream comes back together.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ code: number | string, output: string }>}
 */
export function outputOf(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'no code', output }));
  });
}
