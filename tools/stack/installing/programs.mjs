import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Halt } from '../../launch/halt.mjs';

const TAIL_LINES = 20;

/** @type {import('../server.mjs').Run} */
export async function run(command, args, { cwd, env } = {}) {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += String(text)));
  /** @type {string} */
  const end = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(String(code ?? signal)));
  });
  if (end !== '0') throw new Halt([`\`${[command, ...args].join(' ')}\` failed (${end}):`, ...tailOf(output)].join('\n'));
}

/**
 * The last lines of an output, set apart from what is said about it.
 * @param {string} output
 */
export function tailOf(output) {
  return output
    .trimEnd()
    .split('\n')
    .slice(-TAIL_LINES)
    .map((line) => `  ${line}`);
}

/**
 * What the machine lacks for a server, each with what to do.
 * @param {import('../server.mjs').Server} server
 */
export function missing({ needs }) {
  return needs.filter(({ program, met }) => !(met?.() ?? onPath(program))).map(({ program, advice }) => `It needs ${program}. ${advice}`);
}

/** @param {string} program */
function onPath(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
