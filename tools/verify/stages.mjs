import { existsSync } from 'node:fs';
import { ALL_SPECS, JEST, QUIET } from '../launch/jest.mjs';
import { command, first, shown } from './command.mjs';
import { breakingApi, breakingContracts } from './contracts.mjs';
import { brokenDeployment } from './deploy.mjs';
import { staleGeneratedFiles } from './generated.mjs';
import { incompleteLock, refusedLicences, wrongNode } from './packages.mjs';
import { refusedFolders } from './folders.mjs';

/**
 * One gate. `run` answers what is wrong, in the words of the tool that found it; undefined when nothing is.
 * @typedef {{ name: string, holds: string, quick: boolean, run: () => Promise<string | undefined> }} Stage
 */

const SOURCES = ['apps', 'libs', 'e2e', 'bench', 'tools'].filter((folder) => existsSync(folder));
const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;

/** @type {Stage[]} */
export const STAGES = [
  {
    name: 'house',
    holds: 'the right Node, a lock file for every machine, licences we may ship, folders that say what they hold',
    quick: false,
    run: () => first(wrongNode, incompleteLock, refusedLicences, refusedFolders),
  },
  { name: 'format', holds: 'prettier', quick: true, run: command(bin('prettier'), '--check', '--log-level=warn', '.') },
  { name: 'generated', holds: 'generating again changes nothing', quick: false, run: staleGeneratedFiles },
  {
    name: 'contracts',
    holds: 'buf lint; nothing that was released breaks, on the wire or over HTTP',
    quick: false,
    run: () =>
      first(command(process.execPath, 'tools/generate/imported-protos.mjs'), command(bin('buf'), 'lint'), breakingContracts, breakingApi),
  },
  { name: 'lint', holds: 'typed rules, sizes and house rules', quick: true, run: command(bin('eslint'), '--max-warnings=0', '.') },
  { name: 'types', holds: 'tsc', quick: true, run: command(bin('tsc'), '--noEmit', '-p', '.') },
  {
    name: 'layers',
    holds: 'who may import whom',
    quick: true,
    run: command(bin('depcruise'), '--config', '.dependency-cruiser.mjs', ...SOURCES),
  },
  {
    name: 'dead-code',
    holds: 'no unused file, export or package',
    quick: true,
    run: command(bin('knip'), '--no-progress', '--no-config-hints'),
  },
  { name: 'duplication', holds: 'at most 3 % of lines stand twice', quick: true, run: command(bin('jscpd'), '--noTips') },
  {
    name: 'deploy',
    holds: 'docker-compose.yml is valid, pinned, without default passwords, and names what there is',
    quick: true,
    run: brokenDeployment,
  },
  { name: 'build', holds: 'every app builds with the Nest CLI', quick: false, run: command(bin('nest'), 'build', '--all') },
  {
    name: 'tests',
    holds: 'specs and contract suites, with coverage',
    quick: false,
    run: command(process.execPath, ...JEST, '--coverage', ...ALL_SPECS),
  },
  {
    name: 'simulation',
    holds: '10,000 seeds of runs and 1,000 of workspaces under crashes; planted mistakes are noticed',
    quick: false,
    run: () =>
      first(
        ...['runtime', 'workspaces'].map((subject) => command(process.execPath, 'tools/simulate/simulate.mjs', subject)),
        command(process.execPath, 'tools/planted/planted.mjs'),
      ),
  },
  {
    name: 'security',
    holds: 'the requirements of security, row by row',
    quick: false,
    run: shown(QUIET, 'tools/security/security.mjs'),
  },
  {
    name: 'newcomer',
    holds: '`npm start` and what the README shows',
    quick: false,
    run: command(process.execPath, 'tools/newcomer/newcomer.mjs'),
  },
  {
    name: 'cluster',
    holds: 'what needs real servers, on the servers of the stack',
    quick: false,
    run: command(process.execPath, 'tools/stack/cluster.mjs'),
  },
];
