// `npm run mutate -- language [--files GLOB,…]`: changes the sources of a target one small mistake at a time and counts how many of them
// the specs notice. The score must reach the threshold.
import { matchesGlob } from 'node:path';
import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { JEST } from '../launch/jest.mjs';
import { scoreOf, survivorsText } from './score.mjs';
import { TARGETS } from './targets.mjs';

const THRESHOLD = 80;
const BAD_USE = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', multiple: true, default: [] }, workers: { type: 'string', default: '2' } },
});
const [name = ''] = positionals;
const parts = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
process.exitCode = parts === undefined ? refuse(`What is mutated is one of: ${Object.keys(TARGETS).join(', ')}.`) : await mutate(parts);

/**
 * @param {import('./targets.mjs').Part[]} wanted
 * @returns {Promise<number>} the exit code
 */
async function mutate(wanted) {
  const globs = values.files.flatMap((list) => list.split(','));
  const runs = wanted.map((part) => ({ ...part, files: sourcesOf(part, globs) })).filter(({ files }) => files.length > 0);
  if (runs.length === 0) return refuse(`No source of ${name} is among --files ${globs.join(',')}.`);
  const mutants = [];
  for (const { files, specs, sources } of runs) {
    const found = await tried(options(files, specs));
    if (found === undefined) return 1;
    const survivors = survivorsText(found);
    if (survivors !== '') console.log(`${sources}: nobody noticed\n${survivors}`);
    console.log(`${sources}: ${scoreOf(found).text}\n`);
    mutants.push(...found);
  }
  const { score, text } = scoreOf(mutants);
  console.log(
    `${name}${globs.length === 0 ? '' : ` (${globs.join(', ')})`}: ${text}; threshold ${THRESHOLD} – ${score >= THRESHOLD ? 'met' : 'missed'}`,
  );
  return score >= THRESHOLD ? 0 : 1;
}

/**
 * @param {Record<string, unknown>} run options of Stryker
 * @returns what became of each mutant; undefined when the specs fail already as things are, which Stryker has told
 */
async function tried(run) {
  try {
    return await new Stryker(/** @type {ConstructorParameters<typeof Stryker>[0]} */ (run)).runMutationTest();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    console.error(`Nothing was mutated: ${error.message} \`npm test\` shows them.`);
    return undefined;
  }
}

/**
 * The files of a part that are to be mutated: all but specs, or those of them that a glob names.
 * @param {import('./targets.mjs').Part} part
 * @param {string[]} globs
 */
function sourcesOf({ sources }, globs) {
  return globSync(`${sources}/**/*.ts`)
    .filter((file) => !/\.(spec|contract)\.ts$/.test(file))
    .filter((file) => globs.length === 0 || globs.some((glob) => matchesGlob(file, glob) || file.endsWith(`/${glob}`)))
    .sort();
}

/**
 * @param {string[]} mutate
 * @param {string[]} specs
 * @returns {Record<string, unknown>} options of Stryker
 */
function options(mutate, specs) {
  return {
    mutate,
    plugins: ['@stryker-mutator/jest-runner'],
    testRunner: 'jest',
    testRunnerNodeArgs: JEST.slice(0, -1),
    jest: {
      configFile: 'jest.config.mjs',
      config: { testMatch: specs.map((glob) => `<rootDir>/${glob}`), reporters: [] },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    // What runs once, when a module is loaded, would need a new process for each mutant.
    ignoreStatic: true,
    // A mutant that hangs is caught by this wall; a busy machine must not be mistaken for one.
    timeoutMS: 20_000,
    concurrency: Number(values.workers),
    tempDirName: '.cache/stryker',
    ignorePatterns: ['/dist', '/coverage', '/.cache', '/.millrace', '/bench', '/docs', '/e2e', '/proto', '/keycloak'],
    reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only'],
    allowConsoleColors: process.stdout.isTTY,
    logLevel: 'warn',
    warnings: { slow: false },
  };
}

/** @param {string} why */
function refuse(why) {
  console.error(`npm run mutate -- ${name}: ${why}`);
  return BAD_USE;
}
