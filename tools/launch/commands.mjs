import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { closingLine, forgetCounts, formatCounts } from './closing-line.mjs';
import { Halt } from './halt.mjs';
import { install } from './install.mjs';
import { ALL_SPECS, JEST, QUIET } from './jest.mjs';
import { pinnedNode } from './pinned-node.mjs';
import { run } from './run.mjs';
import { SERVICE } from './service.mjs';

/**
 * A command: whether it needs the apps built, and what it runs on the pinned Node.
 * @typedef {{ built: boolean, run: (node: string, args: string[]) => Promise<number> }} Command
 */

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: { built: true, run: (node, args) => run(node, [...SERVICE, 'dist/apps/standalone/main.js', ...args]) },
  backup: {
    built: true,
    run: (node, args) => run(node, [...SERVICE, 'dist/apps/standalone/main.js', 'backup', ...args]),
  },
  test: { built: true, run: test },
  'test:cluster': { built: true, run: (node, args) => run(node, [QUIET, 'tools/stack/cluster.mjs', ...args]) },
  stack: { built: false, run: (node, args) => run(node, [QUIET, 'tools/stack/stack.mjs', ...args]) },
  cluster: { built: true, run: (node, args) => run(node, [QUIET, 'tools/cluster/cluster.mjs', ...args]) },
  build: { built: false, run: (node, args) => run(node, ['node_modules/@nestjs/cli/bin/nest.js', 'build', '--all', ...args]) },
  generate: { built: false, run: (node, args) => run(node, ['tools/generate/generate.mjs', ...args]) },
  check: { built: false, run: (node, args) => run(node, ['tools/verify/verify.mjs', '--quick', ...args]) },
  verify: { built: false, run: (node, args) => run(node, ['tools/verify/verify.mjs', ...args]) },
  'verify:security': { built: true, run: (node, args) => run(node, [QUIET, 'tools/security/security.mjs', ...args]) },
  fuzz: { built: true, run: (node, args) => run(node, [QUIET, 'tools/fuzz/fuzz.mjs', ...args]) },
  'fuzz:api': { built: true, run: (node, args) => run(node, [QUIET, 'tools/fuzz/api.mjs', ...args]) },
  mutate: { built: false, run: (node, args) => run(node, [QUIET, 'tools/mutate/mutate.mjs', ...args]) },
  flake: { built: true, run: (node, args) => run(node, [QUIET, 'tools/flake/flake.mjs', ...args]) },
  chaos: { built: true, run: (node, args) => run(node, [QUIET, 'tools/chaos/chaos.mjs', ...args]) },
  simulate: { built: false, run: (node, args) => run(node, [QUIET, 'tools/simulate/simulate.mjs', ...args]) },
  planted: { built: true, run: (node, args) => run(node, [QUIET, 'tools/planted/planted.mjs', ...args]) },
  bench: { built: true, run: (node, [name = '', ...args]) => run(node, [QUIET, benchFile(name), ...args]) },
};

/**
 * Makes the house ready for a command and runs it.
 * @param {string[]} words the command and its arguments
 * @returns {Promise<number>} the exit code
 */
export async function launch([name = '', ...args]) {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  try {
    const command = commandOf(name);
    await install();
    const node = pinnedNode();
    if (command.built) await build(node);
    return await command.run(node, args);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    if (name.startsWith('test')) console.log(formatCounts({ passed: 0, failed: 1, skipped: 0 }));
    return 1;
  }
}

/** @param {string} name */
function commandOf(name) {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command;
  throw new Halt(`There is no command \`${name}\`. The commands are: ${Object.keys(COMMANDS).join(', ')}.`);
}

/**
 * @param {string} node
 * @param {string[]} args
 */
async function test(node, args) {
  forgetCounts();
  const code = await run(node, [...JEST, ...(args.length === 0 ? ALL_SPECS : args)]);
  console.log(closingLine(code));
  return code;
}

/** @param {string} name */
function benchFile(name) {
  const file = `bench/${name}/bench.mjs`;
  if (name !== '' && existsSync(file)) return file;
  const names = existsSync('bench') ? readdirSync('bench').filter((entry) => existsSync(`bench/${entry}/bench.mjs`)) : [];
  throw new Halt(`\`npm run bench -- ${name}\`: there is no such benchmark. The benchmarks are: ${names.join(', ') || 'none yet'}.`);
}
