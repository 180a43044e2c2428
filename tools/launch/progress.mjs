import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { spawn } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { Halt } from './halt.mjs';

const TAIL_LINES = 15;
const REDRAW_MS = 250;

/**
 * A process that runs behind one line of progress.
 * @typedef {object} Work
 * @property {string} title what the line says, as in `Installing packages`
 * @property {string[]} command program and arguments
 * @property {string} log file that gets the whole output
 * @property {string} advice what to do when it fails; shown below the end of the log
 * @property {(output: string) => string} [detail] what to add to the line, from a piece of output
 */

/**
 * Runs a process behind one updating line (a line at the start and one at the end where the output is not a terminal). A failure is a Halt
 * that shows the end of the log and what to do.
 * @param {Work} work
 * @param {NodeJS.WriteStream} [out]
 */
export async function runWithProgress(work, out = process.stderr) {
  const line = progressLine(work.title, out);
  try {
    await runLogged(work, (output) => line.detail(work.detail?.(output) ?? ''));
  } catch (failure) {
    line.end('failed');
    throw failure;
  }
  line.end('done');
}

/**
 * @param {Work} work
 * @param {(output: string) => void} onOutput
 */
async function runLogged({ command, log, advice, title }, onOutput) {
  mkdirSync(dirname(log), { recursive: true });
  const file = createWriteStream(log);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(file, { end: false });
    stream.on('data', (chunk) => onOutput(String(chunk)));
  }
  /** @type {string} */
  const end = await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(String(code ?? signal)));
    child.on('error', (error) => resolve(error.message));
  });
  await finished(file.end());
  if (end !== '0') throw new Halt(failureText({ title, log, advice, end }, readFileSync(log, 'utf8')));
}

/**
 * @param {{ title: string, log: string, advice: string, end: string }} failure
 * @param {string} output
 */
export function failureText({ title, log, advice, end }, output) {
  const tail = stripVTControlCharacters(output).trimEnd().split('\n').slice(-TAIL_LINES);
  return [`${title} failed (${end}). The end of ${log}:`, '', ...tail.map((text) => `  ${text}`), '', advice].join('\n');
}

/**
 * @param {string} title
 * @param {NodeJS.WriteStream} out
 */
function progressLine(title, out) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(out.isTTY ? 0 : 1)} s`;
  let detail = '';
  const draw = () => out.write(`\r\x1b[2K${title} … ${detail}${detail && ', '}${seconds()}`);
  if (!out.isTTY) out.write(`${title} …\n`);
  const timer = out.isTTY ? setInterval(draw, REDRAW_MS) : undefined;
  return {
    /** @param {string} text */
    detail: (text) => {
      if (text) detail = text;
    },
    /** @param {string} how */
    end: (how) => {
      clearInterval(timer);
      out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${title}: ${how} in ${seconds()}\n`);
    },
  };
}
