#!/usr/bin/env node
// The `millrace` command in this repository, for `npx millrace …`: the built program, on this Node where it is new enough, else on the
// pinned one that came with the packages.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chooseNode } from '../launch/node-versions.mjs';

const PROGRAM = new URL('../../dist/apps/cli/main.js', import.meta.url);
/** What the program answers where something it needs is not there yet. */
const UNAVAILABLE = 7;

const { execPath, versions, argv } = process;
const here = chooseNode(undefined, { path: execPath, version: versions.node, machine: `${process.platform}-${process.arch}` });

if (!existsSync(PROGRAM)) {
  refuse('cli.not_built', 'The command is not built yet.', 'run `npm run build` in ' + fileURLToPath(new URL('../..', import.meta.url)));
} else if ('path' in here) {
  await import(PROGRAM.href);
} else {
  await runOnPinned();
}

async function runOnPinned() {
  const { Halt } = await import('../launch/halt.mjs');
  const { pinnedNode } = await import('../launch/pinned-node.mjs');
  const { run } = await import('../launch/run.mjs');
  try {
    process.exitCode = await run(pinnedNode(), [fileURLToPath(PROGRAM), ...argv.slice(2)]);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    refuse('cli.node_too_old', error.message, 'the same command on a newer Node.');
  }
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} next
 */
function refuse(code, message, next) {
  console.error(`millrace: unavailable (${code})\n  ${message}\n  Next: ${next}`);
  process.exitCode = UNAVAILABLE;
}
