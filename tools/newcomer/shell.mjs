import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { outputOf } from '../verify/command.mjs';

/** @typedef {{ output: string, ran: boolean }} Ran what a block wrote; whether the shell came to it */

/**
 * Runs blocks of commands one after the other in one shell, as a person would paste them: what one sets, the next sees. The first
 * command that fails ends it.
 * @param {string[]} blocks
 * @returns {Promise<{ code: number | string, errors: string, ran: Ran[] }>}
 */
export async function runInOneShell(blocks) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-newcomer-'));
  const file = (/** @type {number} */ index) => join(folder, String(index));
  try {
    const script = blocks.map((commands, index) => `exec > '${file(index)}'\n${commands}`);
    const { code, output } = await outputOf('bash', ['-c', ['set -euo pipefail', ...script].join('\n')]);
    const ran = blocks.map((_, index) => ({
      ran: existsSync(file(index)),
      output: existsSync(file(index)) ? readFileSync(file(index), 'utf8') : '',
    }));
    return { code, errors: output, ran };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
